package io.asyncproxy.callback;

import io.asyncproxy.http.Bodies;
import io.asyncproxy.http.Endpoint;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.Reply;
import io.asyncproxy.job.JobId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /proxy/callback/{token}}: where the job server sends results. Never refused for load.
 */
public final class CallbackHandler {
  private static final Reply STORED = status("stored");
  private static final Reply DUPLICATE = status("duplicate");
  private static final Reply PROGRESS = status("progress");

  private final CallbackIntake intake;
  private final CallbackListener listener;
  private final Bodies bodies;

  /** A handler on the loop that {@code bodies} are read on. */
  public CallbackHandler(CallbackIntake intake, CallbackListener listener, Bodies bodies) {
    this.intake = intake;
    this.listener = listener;
    this.bodies = bodies;
  }

  /** The endpoint of the callback URL with {@code token}, spelled as in the URL. */
  public Endpoint endpoint(String token) {
    return new Endpoint(
        Map.of(
            HttpMethod.POST,
            request -> {
              Optional<JobId> job = intake.authenticate(token);
              if (job.isEmpty()) {
                return answered(new Receipt.Rejected());
              }
              return bodies
                  .read(request)
                  .compose(body -> intake.receive(job.get(), body))
                  .compose(this::answered);
            }));
  }

  /** The endpoint of the callback URL without a token, which proves nothing. */
  public Endpoint withoutToken() {
    return new Endpoint(Map.of(HttpMethod.POST, _ -> answered(new Receipt.Rejected())));
  }

  private Future<Reply> answered(Receipt receipt) {
    listener.received(receipt);
    return Future.succeededFuture(reply(receipt));
  }

  private static Reply reply(Receipt receipt) {
    return switch (receipt) {
      case Receipt.Stored _ -> STORED;
      case Receipt.Duplicate _ -> DUPLICATE;
      case Receipt.Progress _ -> PROGRESS;
      case Receipt.Conflict _ -> Reply.json(409, new JsonObject().put("status", "conflict"));
      case Receipt.Invalid(String error) -> Problem.of(400, error).reply();
      case Receipt.Rejected _ ->
          Problem.of(401, "Unknown callback token")
              .header("WWW-Authenticate", "CallbackToken")
              .reply();
      case Receipt.Gone _ -> Problem.of(410, "The job is no longer kept").reply();
    };
  }

  private static Reply status(String status) {
    return Reply.json(200, new JsonObject().put("status", status));
  }
}
