package io.asyncproxy.dispatch;

import io.vertx.core.http.HttpMethod;
import java.util.Map;

/**
 * The request of one attempt.
 *
 * @param method the HTTP method
 * @param target path and query
 * @param headers the header fields
 * @param body the body
 */
record StartCall(HttpMethod method, String target, Map<String, String> headers, byte[] body) {}
