package io.asyncproxy.cli;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A job server that answers a start when the test says so, and calls nobody back. */
final class ManualJobServer {
  private final BlockingQueue<Start> starts = new LinkedBlockingQueue<>();
  private final HttpServer server;

  /** A start as it came, not answered yet. */
  record Start(HttpServerRequest request, JsonObject body) {
    String callbackPath() {
      return URI.create(body.getString("callback")).getPath();
    }

    String marker() {
      return body.getString("marker");
    }

    Optional<String> key() {
      return Optional.ofNullable(request.getHeader("Idempotency-Key"));
    }

    void accept() {
      request.response().end("{\"state\":\"running\",\"id\":\"4499a6e0c2ef4b98\"}");
    }
  }

  ManualJobServer(Vertx vertx) throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(body -> starts.add(new Start(request, body.toJsonObject()))))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/start";
  }

  /** The next start; waits for it. */
  Start next() throws InterruptedException {
    Start start = starts.poll(20, TimeUnit.SECONDS);
    if (start == null) {
      throw new AssertionError("no start within 20 s");
    }
    return start;
  }

  /** How many starts came that nobody has looked at. */
  int unseen() {
    return starts.size();
  }
}
