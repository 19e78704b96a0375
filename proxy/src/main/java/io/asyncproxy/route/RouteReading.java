package io.asyncproxy.route;

import io.asyncproxy.job.Result;
import io.asyncproxy.json.JsonTree;
import io.asyncproxy.route.Heard.Fetch;
import io.asyncproxy.route.Heard.Finished;
import io.asyncproxy.route.Heard.Nonsense;
import io.asyncproxy.route.Heard.Progress;
import io.asyncproxy.route.StateRule.Meaning;
import io.asyncproxy.signature.WebhookMessage;
import java.net.URI;
import java.util.Optional;

/**
 * What the messages of a route's API mean: pure.
 *
 * @param route whose
 */
public record RouteReading(Route route) {
  /** What a callback says. */
  public Heard callback(Message message) {
    Route.CallbackRule rule = route.callback();
    if (message.isJson() && !JsonTree.isJson(message.body())) {
      return new Nonsense("Invalid JSON");
    }
    Optional<String> id = rule.id().flatMap(message::text);
    if (rule.byId() && id.isEmpty()) {
      return new Nonsense("Missing job ID in callback");
    }
    return meant(rule.state().of(message), message, id, rule.result());
  }

  /** What the answer to a question says. */
  public Heard status(int status, Message message) {
    if (route.status().isEmpty() || status / 100 != 2) {
      return new Nonsense("said " + status);
    }
    Route.StatusRule rule = route.status().get();
    if (!rule.state().isNamedIn(message)) {
      return new Nonsense("named no state");
    }
    return meant(rule.state().of(message), message, Optional.empty(), rule.result());
  }

  /** What was fetched as the result of a job. */
  public Heard fetched(int status, Message message, boolean failed) {
    if (status / 100 != 2) {
      return new Nonsense("the result's URL said " + status);
    }
    return failed
        ? failure(message, Optional.empty())
        : finished(message, Optional.empty(), route.fetch().flatMap(Route.FetchRule::result));
  }

  /** An answer to the start that is the result already. */
  public Heard answered(Message message) {
    Route.CallbackRule rule = route.callback();
    boolean failed = rule.state().at().isPresent() && rule.state().of(message) == Meaning.FAILED;
    return failed
        ? failure(message, Optional.empty())
        : finished(message, Optional.empty(), rule.result());
  }

  private Heard meant(
      Meaning meaning, Message message, Optional<String> id, Optional<Location> part) {
    if (meaning == Meaning.PROGRESS) {
      return new Progress(id, message.body());
    }
    if (meaning == Meaning.FAILED) {
      return failed(message, id);
    }
    return route.fetch().isPresent()
        ? fetch(route.fetch().get(), message, id)
        : finished(message, id, part);
  }

  /** Where results have a URL of their own, it says more than the message does. */
  private Heard failed(Message message, Optional<String> id) {
    Finished said = failure(message, id);
    return route.fetch().filter(Route.FetchRule::failures).flatMap(Route.FetchRule::url).isPresent()
        ? new Fetch(id, "", Optional.of(said.result()))
        : said;
  }

  private Heard fetch(Route.FetchRule rule, Message message, Optional<String> id) {
    if (rule.url().isPresent()) {
      return new Fetch(id, "", Optional.empty());
    }
    Optional<String> url = rule.at().flatMap(message::text);
    if (url.isEmpty()) {
      return new Nonsense("The message names no result to fetch");
    }
    return mayFetch(url.get())
        ? new Fetch(id, url.get(), Optional.empty())
        : new Nonsense("The message names a result at a host that result.hosts does not have");
  }

  /** Where a result is fetched; empty where it must not be. */
  public Optional<String> fetchUrl(Fetch fetch, Places places) {
    if (!fetch.url().isEmpty()) {
      return Optional.of(fetch.url()).filter(this::mayFetch);
    }
    Places known = fetch.id().map(id -> places.with("id", id)).orElse(places);
    return route.fetch().flatMap(Route.FetchRule::url).flatMap(url -> filled(url, known));
  }

  /** Empty where it needs the API's id, which is not known. */
  private static Optional<String> filled(Template url, Places places) {
    return places.has("id") || !url.places().contains("id")
        ? Optional.of(url.fill(places::url))
        : Optional.empty();
  }

  /** What a message may make us fetch: only from where the route trusts. */
  private boolean mayFetch(String url) {
    Optional<URI> uri = parse(url);
    if (route.fetch().isEmpty() || uri.isEmpty()) {
      return false;
    }
    String host = uri.get().getHost();
    boolean trusted =
        route.fetch().get().hosts().stream().anyMatch(host::equalsIgnoreCase)
            && (isHttps(uri.get()) || !isHttps(route.origin()));
    return isOrigin(url) || trusted;
  }

  private static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private static Optional<URI> parse(String url) {
    try {
      URI uri = URI.create(url);
      boolean http = isHttps(uri) || "http".equalsIgnoreCase(uri.getScheme());
      return http && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** Whether {@code url} is at the API itself, which our secrets may be sent to. */
  public boolean isOrigin(String url) {
    return parse(url)
        .filter(
            uri ->
                uri.getHost().equalsIgnoreCase(route.origin().getHost())
                    && isHttps(uri) == isHttps(route.origin())
                    && port(uri) == port(route.origin()))
        .isPresent();
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : isHttps(uri) ? 443 : 80;
  }

  private Heard finished(Message message, Optional<String> id, Optional<Location> part) {
    Optional<byte[]> body =
        part.isEmpty() ? Optional.of(message.body()) : message.bytes(part.get());
    if (body.isEmpty()) {
      return new Nonsense("There is no result at " + part.map(Location::text).orElse("body"));
    }
    boolean whole = part.isEmpty() || part.get() instanceof Location.Body;
    String type =
        whole
            ? message.headers().apply("Content-Type").orElse("")
            : part.get() instanceof Location.InJson
                ? "application/json"
                : "text/plain; charset=utf-8";
    return finished(message, id, body.get(), type, false);
  }

  /** Of a job that failed, all of the message is the result. */
  private Finished failure(Message message, Optional<String> id) {
    String type = message.headers().apply("Content-Type").orElse("");
    return finished(message, id, message.body(), type, true);
  }

  private Finished finished(
      Message message, Optional<String> id, byte[] body, String type, boolean failed) {
    String head = ResultHead.of(message, route.reply().passHeaders(), type);
    Optional<String> messageId =
        message.headers().apply(WebhookMessage.ID).flatMap(WebhookMessage::idOf);
    return new Finished(id, new Result(body, failed, messageId, head));
  }

  /** The URL where the API is asked for the job with {@code places}. */
  public Optional<String> question(Places places) {
    return route.status().flatMap(rule -> filled(rule.url(), places));
  }
}
