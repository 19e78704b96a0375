package io.asyncproxy.http;

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

  /** {@code reply} with what browsers want to see on any answer to a request with an Origin. */
  public Reply allow(Request request, Reply reply) {
    String origin = request.header(ORIGIN);
    if (origin == null) {
      return reply;
    }
    String allowed = allowed(origin);
    Reply answer =
        allowed == null
            ? reply
            : reply
                .header("Access-Control-Allow-Origin", allowed)
                .header("Access-Control-Expose-Headers", EXPOSED);
    return origins.contains("*") ? answer : answer.header("Vary", ORIGIN);
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
