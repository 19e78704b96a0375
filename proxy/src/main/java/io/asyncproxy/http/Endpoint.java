package io.asyncproxy.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one path does: a handler for each method.
 *
 * @param route the pattern that the path is one of, as logs and metrics show it
 * @param handlers by method; {@code HEAD} is answered where {@code GET} is
 */
public record Endpoint(String route, Map<HttpMethod, Handler> handlers) {

  /** Answers requests. */
  @FunctionalInterface
  public interface Handler {

    /** The answer; a failed future is answered as {@link Replies#failed} says. */
    Future<Reply> handle(Request request);
  }

  /** The handler for {@code request}; fails with 405 where there is none. */
  Handler handlerFor(Request request) {
    HttpMethod method =
        request.method().equals(HttpMethod.HEAD) ? HttpMethod.GET : request.method();
    Handler handler = handlers.get(method);
    if (handler == null) {
      throw Problem.of(405, "Method not allowed").header("Allow", allowed()).exception();
    }
    return handler;
  }

  private String allowed() {
    TreeSet<String> names =
        handlers.keySet().stream()
            .map(HttpMethod::name)
            .collect(Collectors.toCollection(TreeSet::new));
    if (names.contains("GET")) {
      names.add("HEAD");
    }
    names.add("OPTIONS");
    return String.join(", ", names);
  }
}
