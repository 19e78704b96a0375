package io.asyncproxy.dispatch;

import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The request of one attempt.
 *
 * @param method the HTTP method
 * @param target path and query
 * @param headers the header fields that many calls have; their text is written once
 * @param further header fields that only this call has
 * @param body the body
 */
record StartCall(
    HttpMethod method,
    String target,
    Map<String, String> headers,
    Map<String, String> further,
    byte[] body) {

  /** The same with still further header fields. */
  StartCall with(Map<String, String> more) {
    if (more.isEmpty()) {
      return this;
    }
    Map<String, String> all = new LinkedHashMap<>(further);
    all.putAll(more);
    return new StartCall(method, target, headers, all, body);
  }
}
