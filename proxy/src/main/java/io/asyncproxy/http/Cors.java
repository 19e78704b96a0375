package io.asyncproxy.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin resource sharing (WHATWG Fetch, section 3.2): which web pages may call us.
 *
 * @param origins the allowed origins; {@code *} allows all
 */
public record Cors(Set<String> origins) {
  static final String ORIGIN = "Origin";
  private static final String EXPOSED =
      "Job-Id, Location, Retry-After, Preference-Applied, Idempotency-Replayed, RateLimit,"
          + " RateLimit-Policy";

  /** Adds what the browser wants to see on any answer to a request with an {@code Origin}. */
  public void allow(HttpServerRequest request, HttpServerResponse response) {
    String origin = request.getHeader(ORIGIN);
    if (origin == null) {
      return;
    }
    String allowed = allowed(origin);
    if (allowed != null) {
      response.putHeader("Access-Control-Allow-Origin", allowed);
      response.putHeader("Access-Control-Expose-Headers", EXPOSED);
    }
    if (!origins.contains("*")) {
      response.putHeader("Vary", ORIGIN);
    }
  }

  private @Nullable String allowed(String origin) {
    return origins.contains("*") ? "*" : origins.contains(origin) ? origin : null;
  }

  /** The answer to a preflight request. */
  public Reply preflight() {
    Reply reply =
        Reply.empty(204)
            .header("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE, OPTIONS")
            .header(
                "Access-Control-Allow-Headers",
                "Content-Type, Authorization, Idempotency-Key, Prefer, Last-Event-ID, traceparent,"
                    + " tracestate")
            .header("Access-Control-Max-Age", "86400");
    return origins.contains("*") ? reply.header("Access-Control-Allow-Origin", "*") : reply;
  }
}
