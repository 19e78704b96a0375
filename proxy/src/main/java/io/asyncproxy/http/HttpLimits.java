package io.asyncproxy.http;

import java.time.Duration;

/**
 * What one request or connection may cost.
 *
 * @param bodyBytes the longest body
 * @param arrival how long headers, and after them the body, may take to arrive
 * @param connections so many are open on one event loop; beyond that an idle one makes room for
 *     each new one, so that callbacks always get in
 * @param idle how long a connection without a request is kept; longer than load balancers do
 */
public record HttpLimits(int bodyBytes, Duration arrival, Duration idle, int connections) {

  /** The limits for bodies of at most {@code bodyBytes}. */
  public static HttpLimits withBodies(int bodyBytes, int connections) {
    return new HttpLimits(bodyBytes, Duration.ofSeconds(30), Duration.ofSeconds(75), connections);
  }
}
