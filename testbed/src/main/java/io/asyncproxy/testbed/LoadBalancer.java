package io.asyncproxy.testbed;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small load balancer for showing and trying: sends requests to its nodes in turn, and to the
 * next one when a node is gone. Each job request gets an {@code Idempotency-Key}, so that repeating
 * one that broke off is safe. For production there is HAProxy.
 */
public final class LoadBalancer {
  private static final int CONNECTIONS = 500;

  private final Vertx vertx;
  private final List<Integer> nodes;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private final HttpClient client;
  private final HttpServer server;

  /** In front of the ports {@code nodes} of this machine. */
  public LoadBalancer(Vertx vertx, List<Integer> nodes) {
    this.vertx = vertx;
    this.nodes = List.copyOf(nodes);
    this.client =
        vertx
            .httpClientBuilder()
            .with(new HttpClientOptions().setConnectTimeout(1_000))
            .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(-1))
            .withConnectHandler(connection -> connection.exceptionHandler(_ -> {})) // nodes die
            .build();
    this.server =
        vertx.createHttpServer(
            new HttpServerOptions().setHost("127.0.0.1").setAcceptBacklog(4_096));
  }

  /** Starts on {@code port}; 0 takes a free one. Completes with the port. */
  public Future<Integer> start(int port) {
    return server
        .requestHandler(request -> request.body().onSuccess(body -> pass(request, body)))
        .listen(port)
        .map(HttpServer::actualPort);
  }

  /** How many requests were sent to a second node because the first was gone. */
  public int repeated() {
    return repeated.get();
  }

  private void pass(HttpServerRequest request, Buffer body) {
    int first = Math.floorMod(turn.getAndIncrement(), nodes.size());
    pass(request, body, UUID.randomUUID().toString(), first, 0);
  }

  /** Each node once, from {@code first} on. */
  private void pass(HttpServerRequest request, Buffer body, String key, int first, int tried) {
    int node = nodes.get((first + tried) % nodes.size());
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost("127.0.0.1")
            .setPort(node)
            .setURI(request.uri());
    request.headers().forEach(options::putHeader);
    options.putHeader("Host", "127.0.0.1:" + node);
    if ("/proxy".equals(request.path()) && request.getHeader("Idempotency-Key") == null) {
      options.putHeader("Idempotency-Key", '"' + key + '"');
    }
    client
        .request(options)
        .compose(out -> out.send(body).compose(LoadBalancer::whole))
        .onComplete(
            answer -> answer(request, answer),
            gone -> {
              if (tried + 1 < nodes.size()) {
                repeated.incrementAndGet();
                vertx.runOnContext(_ -> pass(request, body, key, first, tried + 1));
              } else {
                request.response().setStatusCode(502).end("No node answers");
              }
            });
  }

  private record Answer(HttpClientResponse head, Buffer body) {}

  private static Future<Answer> whole(HttpClientResponse response) {
    return response.body().map(body -> new Answer(response, body));
  }

  private static void answer(HttpServerRequest request, Answer answer) {
    answer.head().headers().forEach(request.response()::putHeader);
    request.response().setStatusCode(answer.head().statusCode()).end(answer.body());
  }

  /** Stops. */
  public Future<Void> close() {
    return server.close().eventually(client::close);
  }
}
