package io.asyncproxy.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A port of this machine, and HTTP to whichever process has it. Nothing is repeated. */
final class ProxyPort {
  private static final int CONNECTIONS = 2_000;
  private static final Duration LONGEST = Duration.ofSeconds(40);

  private final HttpClient client;
  private final int port = free();

  /** A port that nobody has. */
  ProxyPort(Vertx vertx) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  /**
   * Below the ports that the system gives to outgoing connections: one of those, made while the
   * proxy is down, could otherwise connect to itself and keep the port.
   */
  private static int free() {
    while (true) {
      int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (var _ = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return candidate;
      } catch (IOException taken) {
        // The next one.
      }
    }
  }

  int port() {
    return port;
  }

  Future<Answer> post(String path, Map<String, String> headers, String body) {
    return send(HttpMethod.POST, path, headers, body);
  }

  Future<Answer> get(String path, Map<String, String> headers) {
    return send(HttpMethod.GET, path, headers, "");
  }

  /** Fails where the connection is refused, or ends before the answer is there. */
  private Future<Answer> send(
      HttpMethod method, String path, Map<String, String> headers, String body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(path)
            .setIdleTimeout(LONGEST.toMillis());
    return client
        .request(options)
        .compose(
            request -> {
              headers.forEach(request::putHeader);
              return whole(body.isEmpty() ? request.send() : sendJson(request, body));
            });
  }

  private static Future<HttpClientResponse> sendJson(HttpClientRequest request, String body) {
    return request.putHeader("Content-Type", "application/json").send(body);
  }

  /** On the request's own loop: elsewhere the body could have gone by before it is asked for. */
  private static Future<Answer> whole(Future<HttpClientResponse> head) {
    return head.compose(
        response ->
            response
                .body()
                .map(
                    body ->
                        new Answer(response.statusCode(), response.headers(), body.toString())));
  }
}
