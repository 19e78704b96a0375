package io.asyncproxy.dispatch;

import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The request of one attempt.
 *
 * @param method the HTTP method
 * @param target path and query
 * @param headers the header fields
 * @param body the body
 */
record StartCall(HttpMethod method, String target, Map<String, String> headers, byte[] body) {

  /** The same with further header fields. */
  StartCall with(Map<String, String> further) {
    if (further.isEmpty()) {
      return this;
    }
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(further);
    return new StartCall(method, target, all, body);
  }
}
