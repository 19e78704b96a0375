package io.asyncproxy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A job server that does exactly what a test says, when it says so. */
public final class ScriptedJobServer implements AutoCloseable {

  /** A start as it came in, not answered yet. */
  public record Start(HttpServerRequest request, JsonObject body, String rawBody) {
    public String callback() {
      return body.getString("callback");
    }

    public void answer(int status, String answer) {
      request.response().setStatusCode(status).end(answer);
    }

    public void accept(String id) {
      answer(200, "{\"state\":\"running\",\"id\":\"" + id + "\"}");
    }
  }

  private final BlockingQueue<Start> starts = new LinkedBlockingQueue<>();
  private final Vertx vertx = Vertx.vertx();
  private final String scheme;
  private final HttpServer server;
  private volatile Consumer<Start> behaviour = start -> start.accept("4499a6e0c2ef4b98");

  public ScriptedJobServer() throws Exception {
    this(new HttpServerOptions());
  }

  public ScriptedJobServer(HttpServerOptions options) throws Exception {
    scheme = options.isSsl() ? "https" : "http";
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> request.body().onSuccess(body -> started(request, body)))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  private void started(HttpServerRequest request, Buffer body) {
    Start start = new Start(request, body.toJsonObject(), body.toString());
    Consumer<Start> now = behaviour; // who has this start may change it for the next one
    starts.add(start);
    now.accept(start);
  }

  /** From now on starts are answered so. */
  public void onStart(Consumer<Start> newBehaviour) {
    behaviour = newBehaviour;
  }

  /** The next start, waiting for it. */
  public Start nextStart() throws InterruptedException {
    Start start = starts.poll(30, TimeUnit.SECONDS);
    if (start == null) {
      throw new AssertionError("no start within 30 s");
    }
    return start;
  }

  public void forgetStarts() {
    starts.clear();
  }

  public int unseenStarts() {
    return starts.size();
  }

  public int port() {
    return server.actualPort();
  }

  public String url() {
    return scheme + "://127.0.0.1:" + port() + "/start";
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }
}
