package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Any API: answers as a test says, and remembers what it was asked. */
final class ScriptedApi implements AutoCloseable {

  /** A request as it came in. */
  record Asked(String method, String uri, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, UTF_8);
    }

    JsonObject json() {
      return new JsonObject(text());
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
    }
  }

  /** An answer. */
  record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer json(int status, String body) {
      return new Answer(status, Map.of("Content-Type", "application/json"), body.getBytes(UTF_8));
    }

    static Answer empty(int status, String... headers) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (int i = 0; i < headers.length; i += 2) {
        fields.put(headers[i], headers[i + 1]);
      }
      return new Answer(status, fields, new byte[0]);
    }
  }

  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private final HttpServer server;
  private volatile Function<Asked, Answer> behaviour = _ -> Answer.json(202, "{\"id\":\"j1\"}");

  ScriptedApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
    byte[] body = exchange.getRequestBody().readAllBytes();
    Asked request =
        new Asked(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
    Function<Asked, Answer> now = behaviour;
    asked.add(request);
    Answer answer = now.apply(request);
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
    exchange.sendResponseHeaders(
        answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    if (answer.body().length > 0) {
      exchange.getResponseBody().write(answer.body());
    }
    exchange.close();
  }

  /** From now on it answers so. */
  void on(Function<Asked, Answer> newBehaviour) {
    behaviour = newBehaviour;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next request that nobody has taken. */
  Asked next() throws InterruptedException {
    return Optional.ofNullable(asked.poll(20, TimeUnit.SECONDS))
        .orElseThrow(() -> new AssertionError("nothing was asked within 20 s"));
  }

  /** Requests that nobody has taken. */
  int waiting() {
    return asked.size();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
