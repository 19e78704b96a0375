package io.asyncproxy.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.http.Bodies;
import io.asyncproxy.http.Endpoint;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.Reply;
import io.asyncproxy.http.Request;
import io.asyncproxy.job.JobId;
import io.asyncproxy.route.Heard;
import io.asyncproxy.route.Message;
import io.asyncproxy.signature.WebhookMessage;
import io.asyncproxy.signature.WebhookVerifier;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code POST /proxy/callback/{token}} and {@code POST /proxy/callback}: where the job server sends
 * results. Never refused for load.
 */
public final class CallbackHandler {
  private static final Reply STORED = status("stored");
  private static final Reply DUPLICATE = status("duplicate");
  private static final Reply PROGRESS = status("progress");
  private static final Reply UNKNOWN = status("unknown");
  private static final byte[] UNREAD = {};

  /**
   * What callbacks go through; shared by all event loops.
   *
   * @param auth what they have to prove
   * @param intake takes them in where the URL names the job
   * @param correlation takes them in where only the body does
   * @param rejections what could not prove it
   * @param routes how callbacks of a route are read, by its name
   * @param listener hears of all
   * @param clock the time that signatures are compared with
   */
  public record Services(
      CallbackAuth auth,
      CallbackIntake intake,
      Correlation correlation,
      Rejections rejections,
      Function<String, Optional<CallbackRoute>> routes,
      CallbackListener listener,
      InstantSource clock) {}

  private final Services services;
  private final WebhookVerifier verifier;
  private final Bodies bodies;

  /** A handler on the loop that {@code bodies} are read on. */
  public CallbackHandler(Services services, Bodies bodies) {
    this.services = services;
    this.verifier = new WebhookVerifier(services.auth().keys());
    this.bodies = bodies;
  }

  /** The endpoint of the callback URL that ends in {@code last}: a token, or a route's name. */
  public Endpoint endpoint(String last) {
    Optional<CallbackRoute> byId =
        last.length() < CallbackToken.CHARS ? services.routes().apply(last) : Optional.empty();
    int point = last.indexOf('.');
    return new Endpoint(
        byId.isPresent() ? "/proxy/callback/" + last : "/proxy/callback/{token}",
        Map.of(
            HttpMethod.POST,
            byId.isPresent()
                ? request -> ofRoute(request, byId.get(), Optional.empty())
                : point < 0
                    ? request -> withToken(request, last)
                    : request ->
                        ofRoute(request, last.substring(0, point), last.substring(point + 1))));
  }

  private Future<Reply> ofRoute(Request request, String token, String name) {
    Optional<JobId> job = services.intake().authenticate(token, name);
    Optional<CallbackRoute> route = services.routes().apply(name);
    if (job.isEmpty()) {
      return rejected("Unknown callback token", UNREAD);
    }
    return route.isEmpty()
        ? Future.failedFuture(
            Problem.of(503, "This node has no route " + name).retryAfter(5).exception())
        : ofRoute(request, route.get(), job);
  }

  private Future<Reply> ofRoute(Request request, CallbackRoute route, Optional<JobId> job) {
    if (job.isEmpty() != route.byId()) {
      return rejected("Missing callback token", UNREAD);
    }
    return bodies.read(request, body -> ofRoute(request, body, route, job));
  }

  private Future<Reply> ofRoute(
      Request request, byte[] body, CallbackRoute route, Optional<JobId> job) {
    Message message = Message.of(request.headers(), request.query(), body);
    Optional<String> refusal =
        route.check().refusal(message.headers(), body, services.clock().instant());
    if (refusal.isPresent()) {
      return rejected("Invalid callback of " + route.name() + ": " + refusal.get(), body);
    }
    Heard heard = route.reader().apply(message);
    return (job.isPresent()
            ? services.intake().take(job.get(), heard, route.fetcher())
            : services.correlation().receive(route.name(), heard, route.fetcher()))
        .compose(this::answered);
  }

  private Future<Reply> withToken(Request request, String token) {
    Optional<JobId> job = services.intake().authenticate(token, "");
    if (job.isEmpty()) {
      return rejected("Unknown callback token", UNREAD);
    }
    if (!isAuthorized(request)) {
      return rejected("Wrong or missing Authorization", UNREAD);
    }
    return bodies
        .read(request, body -> services.intake().receive(job.get(), body, messageId(request)))
        .compose(this::answered);
  }

  /** The endpoint of the callback URL without a token, where the body says whose result it is. */
  public Endpoint withoutToken() {
    return new Endpoint("/proxy/callback", Map.of(HttpMethod.POST, this::withoutToken));
  }

  private Future<Reply> withoutToken(Request request) {
    if (!services.auth().isById()) {
      return rejected("Missing callback token", UNREAD);
    }
    if (!isAuthorized(request)) {
      return rejected("Wrong or missing Authorization", UNREAD);
    }
    return bodies.read(request, body -> withoutToken(request, body));
  }

  private Future<Reply> withoutToken(Request request, byte[] body) {
    if (services.auth().mode() == CallbackAuth.Mode.SIGNATURE) {
      Optional<String> refusal =
          verifier.refusal(
              request.header(WebhookMessage.ID),
              request.header(WebhookMessage.TIMESTAMP),
              request.header(WebhookMessage.SIGNATURE),
              body,
              services.clock().instant());
      if (refusal.isPresent()) {
        return rejected("Invalid webhook signature: " + refusal.get(), body);
      }
    }
    return services.correlation().receive(body, messageId(request)).compose(this::answered);
  }

  private static Optional<String> messageId(Request request) {
    return WebhookMessage.idOf(request.header(WebhookMessage.ID));
  }

  private boolean isAuthorized(Request request) {
    Optional<String> expected = services.auth().authorization();
    if (expected.isEmpty()) {
      return true;
    }
    String given = request.header(HttpHeaders.AUTHORIZATION);
    return given != null
        && MessageDigest.isEqual(given.getBytes(UTF_8), expected.get().getBytes(UTF_8));
  }

  private Future<Reply> rejected(String why, byte[] body) {
    services.rejections().add(why, body);
    return answered(new Receipt.Rejected(why));
  }

  private Future<Reply> answered(Receipt receipt) {
    services.listener().received(receipt);
    return Future.succeededFuture(reply(receipt));
  }

  private static Reply reply(Receipt receipt) {
    return switch (receipt) {
      case Receipt.Stored _ -> STORED;
      case Receipt.Duplicate _ -> DUPLICATE;
      case Receipt.Progress _ -> PROGRESS;
      case Receipt.Unknown _ -> UNKNOWN;
      case Receipt.Conflict _ -> Reply.json(409, new JsonObject().put("status", "conflict"));
      case Receipt.Invalid(String error) -> Problem.of(400, error).reply();
      case Receipt.Rejected(String error) ->
          Problem.of(401, error).header("WWW-Authenticate", "Callback").reply();
      case Receipt.Gone _ -> Problem.of(410, "The job is no longer kept").reply();
    };
  }

  private static Reply status(String status) {
    return Reply.json(200, new JsonObject().put("status", status));
  }
}
