package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.OpenApiDocument.Answer;
import io.asyncproxy.OpenApiDocument.Side;
import io.asyncproxy.OpenApiDocument.Verdict;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A client that compares each answer with the specification. Thread-safe. */
final class Witness {
  private final OpenApiDocument specification;
  private final Set<String> seen = new ConcurrentSkipListSet<>();
  private final List<String> mistakes = new CopyOnWriteArrayList<>();

  Witness(OpenApiDocument specification) {
    this.specification = specification;
  }

  /** The answers that came, and their headers, as {@link OpenApiDocument#answers} calls them. */
  Set<String> seen() {
    return seen;
  }

  /** What came and is not as documented. */
  List<String> mistakes() {
    return mistakes;
  }

  OpenApiDocument specification() {
    return specification;
  }

  /** Asks the public listener of {@code proxy}. */
  Listener at(RunningProxy proxy) {
    return new Listener(proxy, Side.PUBLIC, proxy.port());
  }

  /** Asks its admin listener. */
  Listener atAdmin(RunningProxy proxy) {
    return new Listener(proxy, Side.ADMIN, proxy.proxy().adminPort());
  }

  private synchronized Answer check(Side side, String method, String path, Answer answer) {
    Verdict verdict = specification.check(side, method, path, answer);
    seen.addAll(verdict.documented());
    verdict
        .mistakes()
        .forEach(
            mistake ->
                mistakes.add(
                    "%s %s %s -> %d (%s): %s"
                        .formatted(side, method, path, answer.status(), verdict.key(), mistake)));
    return answer;
  }

  /** One listener. */
  final class Listener {
    private final RunningProxy proxy;
    private final Side side;
    private final int port;

    private Listener(RunningProxy proxy, Side side, int port) {
      this.proxy = proxy;
      this.side = side;
      this.port = port;
    }

    /** As a web page would, so that its headers are seen too; at the admin listener its own. */
    CompletableFuture<Answer> begin(String method, String path, String body, String... headers) {
      String own = "http://127.0.0.1:" + port;
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(own + path))
              .timeout(Duration.ofSeconds(30))
              .setHeader("Origin", side == Side.ADMIN ? own : "https://page.example")
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
      if (!body.isEmpty()) {
        request.setHeader("Content-Type", "application/json");
      }
      for (int i = 0; i < headers.length; i += 2) {
        request.setHeader(headers[i], headers[i + 1]);
      }
      return proxy.send(request).thenApply(got -> check(side, method, path, Answer.of(got)));
    }

    Answer ask(String method, String path, String body, String... headers) throws Exception {
      return begin(method, path, body, headers).get(30, TimeUnit.SECONDS);
    }

    Answer get(String path, String... headers) throws Exception {
      return ask("GET", path, "", headers);
    }

    Answer post(String path, String body, String... headers) throws Exception {
      return ask("POST", path, body, headers);
    }

    Answer delete(String path, String... headers) throws Exception {
      return ask("DELETE", path, "", headers);
    }

    /** Sends a request as it is; the proxy answers and closes the connection. */
    Answer raw(String method, String path, String request) throws Exception {
      try (RawClient client = new RawClient(port)) {
        client.trySend(request.getBytes(UTF_8)).readToEnd(20_000);
        return check(side, method, path, Answer.of(client.received()));
      }
    }
  }
}
