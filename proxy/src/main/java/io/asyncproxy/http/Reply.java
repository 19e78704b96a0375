package io.asyncproxy.http;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer. Immutable.
 *
 * @param status the HTTP status
 * @param contentType what the body is; empty where there is none
 * @param body the body, sent as it is
 * @param headers further headers
 */
public record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
  private static final byte[] NO_BODY = {};

  /** What most answers are. */
  public static final String JSON = "application/json";

  /** A JSON answer. */
  public static Reply json(int status, JsonObject body) {
    return json(status, body.toBuffer().getBytes());
  }

  /** A JSON answer whose bytes are there already. */
  public static Reply json(int status, byte[] body) {
    return new Reply(status, JSON, body, Map.of());
  }

  /** An answer without a body. */
  public static Reply empty(int status) {
    return new Reply(status, "", NO_BODY, Map.of());
  }

  /** The same with a further header, or another value of one that it has. */
  public Reply header(String name, String value) {
    if (headers.isEmpty()) {
      return new Reply(status, contentType, body, Map.of(name, value));
    }
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.keySet().removeIf(name::equalsIgnoreCase);
    more.put(name, value);
    return new Reply(status, contentType, body, more);
  }
}
