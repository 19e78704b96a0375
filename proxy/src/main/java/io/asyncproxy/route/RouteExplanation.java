package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.route.StartRule.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a route does, told to people: lines of text, secrets as they are written.
 *
 * @param route the route
 */
public record RouteExplanation(Route route) {
  private static final int SHOWN_BYTES = 2_000;

  /** A callback that is asked about: what the API sends, or a part of it. */
  public record Sample(Map<String, String> headers, String query, byte[] body) {
    Message message() {
      Map<String, String> fields = new LinkedHashMap<>();
      headers.forEach((name, value) -> fields.put(name.toLowerCase(java.util.Locale.ROOT), value));
      return new Message(
          name -> Optional.ofNullable(fields.get(name.toLowerCase(java.util.Locale.ROOT))),
          query,
          body);
    }
  }

  /** The public path with names for its parameters. */
  private Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    route
        .path()
        .names()
        .forEach(name -> parameters.put(name, name.toUpperCase(java.util.Locale.ROOT)));
    return parameters;
  }

  /**
   * The request that starts a job.
   *
   * @param body what a client sends
   * @param callbackBase what callback URLs begin with
   */
  public List<String> start(byte[] body, String callbackBase) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", route.start().contentTypes().getFirst());
    RequestHead head = new RequestHead(parameters(), "", headers);
    String callback = callbackBase + '/' + (route.callback().byId() ? "" : "TOKEN.") + route.name();
    Places places = Places.of(head, "ACCOUNT", "JOB").with("callback", callback);
    List<String> lines = new ArrayList<>();
    try {
      RouteRequest request = RouteRequest.of(masked(), head, body, places);
      String url = route.start().url().toString();
      boolean isVariable = url.startsWith("${");
      String begun =
          isVariable ? url.substring(0, url.indexOf('}') + 1) : route.origin().toString();
      lines.add(request.method() + ' ' + begun + request.target());
      request.headers().forEach((name, value) -> lines.add(name + ": " + value));
      lines.add("");
      lines.addAll(excerpt(request.body()));
    } catch (UnfitRequestException unfit) {
      lines.add("The body does not fit: " + unfit.error());
    }
    return lines;
  }

  private Route masked() {
    StartRule start = route.start();
    Map<String, Template> headers = new LinkedHashMap<>();
    start.headers().forEach((name, template) -> headers.put(name, template.masked()));
    Map<Location, Value> set = new LinkedHashMap<>();
    start
        .set()
        .forEach(
            (at, value) ->
                set.put(
                    at,
                    value instanceof Value.Text(Template text)
                        ? new Value.Text(text.masked())
                        : value));
    return new Route(
        route.name(),
        route.path(),
        route.account(),
        route.origin(),
        new StartRule(
            start.method(),
            start.url().masked(),
            headers,
            start.callbackAt(),
            set,
            start.passHeaders(),
            start.passQuery(),
            start.contentTypes()),
        route.answer(),
        route.callback(),
        route.status(),
        route.fetch().map(RouteExplanation::masked),
        route.reply(),
        route.limits(),
        route.fingerprint());
  }

  private static Route.FetchRule masked(Route.FetchRule fetch) {
    return new Route.FetchRule(
        fetch.url().map(Template::masked),
        fetch.at(),
        fetch.hosts(),
        fetch.result(),
        fetch.failures());
  }

  private static List<String> excerpt(byte[] body) {
    String text = new String(body, 0, Math.min(body.length, SHOWN_BYTES), UTF_8);
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (body.length > SHOWN_BYTES) {
      lines.add("... " + body.length + " bytes in all");
    }
    return lines;
  }

  /** What the rules say, in a few sentences. */
  public List<String> rules() {
    List<String> lines = new ArrayList<>();
    Route.AnswerRule answer = route.answer();
    lines.add(
        "runs once the answer is %s%s"
            .formatted(
                String.join(", ", answer.accepted().patterns()),
                answer.id().map(at -> "; its id is at " + at.text()).orElse("")));
    if (!answer.results().patterns().isEmpty()) {
      lines.add("is done at once where it is " + String.join(", ", answer.results().patterns()));
    }
    Route.CallbackRule callback = route.callback();
    lines.add(
        callback.byId()
            ? "callbacks come to one URL; " + at(callback.id()) + " says whose they are"
            : "callbacks come to a URL of the job's own");
    lines.addAll(states(callback.state()));
    route
        .fetch()
        .ifPresent(
            fetch ->
                lines.add(
                    "the result is fetched from "
                        + fetch
                            .url()
                            .map(Template::toString)
                            .orElseGet(() -> "where " + at(fetch.at()) + " says")));
    lines.add(
        route
            .status()
            .map(
                status ->
                    "asked at "
                        + status.url()
                        + status
                            .every()
                            .map(every -> " every " + text(every))
                            .orElse(" once a callback is late"))
            .orElse("can't be asked: a callback that is lost is a lost result"));
    return lines;
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  private static String at(Optional<Location> location) {
    return location.map(Location::text).orElse("body");
  }

  private static List<String> states(StateRule state) {
    if (state.at().isEmpty()) {
      return List.of("every callback is a result");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %s = completed"
            .formatted(
                at(state.at()),
                state.completed().isEmpty()
                    ? "anything else"
                    : String.join(", ", state.completed())));
    if (!state.failed().isEmpty()) {
      lines.add("%s = failed".formatted(String.join(", ", state.failed())));
    }
    lines.add(
        "%s = progress"
            .formatted(
                state.completed().isEmpty()
                    ? String.join(", ", state.progress())
                    : "anything else"));
    return lines;
  }

  /** How {@code sample} is understood {@code now}. */
  public List<String> callback(Sample sample, Instant now) {
    Message message = sample.message();
    List<String> lines = new ArrayList<>();
    lines.add(
        route
            .callback()
            .check()
            .refusal(message.headers(), sample.body(), now)
            .map(why -> "auth       refused with 401: " + why)
            .orElse("auth       accepted"));
    switch (new RouteReading(route).callback(message)) {
      case Heard.Nonsense(String error) -> lines.add("meaning    none, refused with 400: " + error);
      case Heard.Progress(Optional<String> id, byte[] _) -> {
        lines.add("meaning    progress");
        lines.add("id         " + id.orElse("-"));
      }
      case Heard.Fetch fetch -> {
        String ended = fetch.failure().isPresent() ? "failed" : "completed";
        lines.add("meaning    " + ended + "; the result is fetched");
        lines.add("id         " + fetch.id().orElse("-"));
        Places places = Places.of(new RequestHead(parameters(), "", Map.of()), "ACCOUNT", "JOB");
        lines.add("from       " + new RouteReading(masked()).fetchUrl(fetch, places).orElse("-"));
      }
      case Heard.Finished(Optional<String> id, var result) -> {
        lines.add("meaning    " + (result.failed() ? "failed" : "completed"));
        lines.add("id         " + id.orElse("-"));
        int status = result.failed() ? route.reply().failedStatus() : route.reply().status();
        lines.add("client     " + status);
        result.fields().forEach((name, value) -> lines.add("           " + name + ": " + value));
        lines.add("");
        excerpt(result.body()).forEach(line -> lines.add("           " + line));
      }
    }
    return lines;
  }
}
