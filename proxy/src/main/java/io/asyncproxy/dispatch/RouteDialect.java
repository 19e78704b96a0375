package io.asyncproxy.dispatch;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.Submission;
import io.asyncproxy.route.Heard;
import io.asyncproxy.route.Message;
import io.asyncproxy.route.Places;
import io.asyncproxy.route.RequestHead;
import io.asyncproxy.route.Route;
import io.asyncproxy.route.RouteReading;
import io.asyncproxy.route.RouteRequest;
import io.asyncproxy.route.UnfitRequestException;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The dialect that a route describes. */
public final class RouteDialect implements Dialect {
  private final Route route;
  private final RouteReading reading;
  private final boolean idempotent;

  /** The dialect of {@code route}; {@code idempotent}: attempts carry an Idempotency-Key. */
  public RouteDialect(Route route, boolean idempotent) {
    this.route = route;
    this.reading = new RouteReading(route);
    this.idempotent = idempotent;
  }

  @Override
  public StartCall start(Job job, String callbackUrl) throws UnfitRequestException {
    Submission submission = job.submission();
    RequestHead head = RequestHead.decode(submission.via().head());
    RouteRequest request =
        RouteRequest.of(
            route, head, submission.body(), places(job, head).with("callback", callbackUrl));
    return new StartCall(
        HttpMethod.valueOf(request.method()),
        request.target(),
        request.headers(),
        idempotent ? DefaultDialect.key(job) : Map.of(),
        request.body());
  }

  private static Places places(Job job) {
    return places(job, RequestHead.decode(job.submission().via().head()));
  }

  private static Places places(Job job, RequestHead head) {
    Places places = Places.of(head, job.submission().account(), job.id().toString());
    return job.jobServerId().map(id -> places.with("id", id)).orElse(places);
  }

  @Override
  public StartOutcome answer(int status, Message message, Instant now) {
    if (route.answer().results().have(status)) {
      return switch (reading.answered(message)) {
        case Heard.Finished(Optional<String> _, var result) -> new StartOutcome.Finished(result);
        case Heard.Nonsense(String error) -> StartAnswer.invalid(status, error, message.body());
        case Heard.Progress _, Heard.Fetch _ -> new StartOutcome.Accepted(Optional.empty());
      };
    }
    if (!route.answer().accepted().have(status)) {
      StartOutcome read =
          StartAnswer.read(status, message.headers().apply("Retry-After"), new byte[0], now);
      return read instanceof StartOutcome.Refused || read instanceof StartOutcome.Invalid
          ? refused(status, message)
          : read;
    }
    Optional<String> id =
        route.answer().id().flatMap(message::text).filter(text -> !text.isEmpty());
    return id.isEmpty() && route.callback().byId()
        ? StartAnswer.invalid(status, "The answer names no id at " + idAt(), message.body())
        : new StartOutcome.Accepted(id);
  }

  private static StartOutcome refused(int status, Message message) {
    return status / 100 == 4
        ? new StartOutcome.Refused(status, StartAnswer.excerpt(message.body()))
        : StartAnswer.invalid(status, "The API answered with status " + status, message.body());
  }

  private String idAt() {
    return route.answer().id().map(location -> location.text()).orElse("");
  }

  @Override
  public Optional<Question> question(Job job) {
    return reading.question(places(job)).map(url -> new Question(url, headers(job)));
  }

  @Override
  public Heard status(int status, Message message) {
    return reading.status(status, message);
  }

  @Override
  public Heard fetched(int status, Message message, boolean failed) {
    return reading.fetched(status, message, failed);
  }

  @Override
  public Optional<Question> fetch(Job job, Heard.Fetch fetch) {
    boolean named = !fetch.url().isEmpty();
    return reading
        .fetchUrl(fetch, places(job))
        .map(
            url ->
                new Question(
                    url, named && !reading.isOrigin(url) ? Map.of("Accept", "*/*") : headers(job)));
  }

  /** Who may start a job may ask for it by the same credentials. */
  private Map<String, String> headers(Job job) {
    Map<String, String> headers = new LinkedHashMap<>();
    Places places = places(job);
    route
        .start()
        .headers()
        .forEach((name, template) -> headers.put(name, template.fill(places::text)));
    headers.keySet().removeIf("Content-Type"::equalsIgnoreCase);
    headers.values().removeIf(value -> !RouteRequest.isFieldValue(value));
    return headers;
  }
}
