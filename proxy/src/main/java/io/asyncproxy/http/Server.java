package io.asyncproxy.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One listener's way of taking requests: find the endpoint, answer, and never a stack trace. */
public final class Server {
  private static final Problem TOO_MANY_HEADERS =
      Problem.of(431, "The headers are too long or too many");

  private final Function<String, Optional<Endpoint>> routes;
  private final Replies replies;
  private final Connections connections;
  private final Cors cors;
  private final Consumer<Request> gate;
  private final RequestListener listener;

  /**
   * Requests are answered by the endpoints that {@code routes} finds for their paths.
   *
   * @param gate throws a {@link ProblemException} for who may not come in
   * @param listener told of each answer
   */
  public Server(
      Function<String, Optional<Endpoint>> routes,
      Replies replies,
      Connections connections,
      Cors cors,
      Consumer<Request> gate,
      RequestListener listener) {
    this.gate = gate;
    this.listener = listener;
    this.routes = routes;
    this.replies = replies;
    this.connections = connections;
    this.cors = cors;
  }

  /** Takes a connection, the short requests of which need no Vert.x. */
  public void opened(HttpConnection connection) {
    Shortcut.open(
        connection, connections.opened(connection), request -> new Exchange(request).answer());
  }

  /** Takes one request that Vert.x has read. */
  public void handle(HttpServerRequest request) {
    connections.begin(request);
    new Exchange(new VertxRequest(request)).answer();
  }

  /** One request, and what is found out about it. */
  private final class Exchange implements Completable<Reply> {
    private final Request request;
    private final long began = System.nanoTime();
    private String route = "";

    Exchange(Request request) {
      this.request = request;
    }

    void answer() {
      handle().onComplete(this);
    }

    @Override
    public void complete(@Nullable Reply reply, @Nullable Throwable failure) {
      send(
          reply != null
              ? reply
              : replies.failed(request.method(), route, Objects.requireNonNull(failure)));
    }

    private Future<Reply> handle() {
      if (request.method().equals(HttpMethod.OPTIONS)) {
        return Future.succeededFuture(cors.preflight());
      }
      try {
        requireFewHeaders(request);
        gate.accept(request);
        Endpoint endpoint =
            routes
                .apply(request.path())
                .orElseThrow(() -> Problem.of(404, "Not found").exception());
        route = endpoint.route();
        return endpoint.handlerFor(request).handle(request);
      } catch (RuntimeException | Error failure) { // as where a future fails: nobody waits in vain
        return Future.failedFuture(failure);
      }
    }

    private void send(Reply reply) {
      Reply sent = reply;
      try {
        replies.send(request, reply);
      } catch (IllegalArgumentException unsendable) { // a header that is none
        sent = replies.failed(request.method(), route, unsendable);
        replies.send(request, sent);
      }
      listener.answered(request.method().name(), route, sent.status(), System.nanoTime() - began);
    }
  }

  /** Of HTTP/1 the decoder has counted them. */
  private static void requireFewHeaders(Request request) {
    if (request instanceof VertxRequest read
        && read.isHttp2()
        && request.headers().size() > HttpLimits.HEADERS) {
      throw TOO_MANY_HEADERS.exception();
    }
  }

  /** Answers what is no HTTP request: too long a line or header, or none at all. */
  public void handleInvalid(HttpServerRequest request) {
    connections.begin(request);
    Problem problem =
        switch (request.decoderResult().cause()) {
          case TooLongHttpLineException _ -> Problem.of(414, "The request line is too long");
          case TooLongHttpHeaderException _ -> TOO_MANY_HEADERS;
          case RequestDecoder.Refused refused ->
              Problem.of(400, "Malformed HTTP request: " + refused.getMessage());
          case null, default -> Problem.of(400, "Malformed HTTP request");
        };
    replies.send(new VertxRequest(request), problem.header("Connection", "close").reply());
    request.connection().close();
  }
}
