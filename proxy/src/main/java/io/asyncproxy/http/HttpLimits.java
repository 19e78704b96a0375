package io.asyncproxy.http;

import java.time.Duration;

/**
 * What one request or connection may cost.
 *
 * @param bodyBytes the longest body
 * @param arrival how long headers, and after them the body, may take to arrive
 * @param connections so many are open on one event loop; beyond that an idle one makes room for
 *     each new one, so that callbacks always get in
 * @param perAddress so many are open of one remote address; further ones are closed at once
 * @param idle how long a connection without a request is kept; longer than load balancers do
 */
public record HttpLimits(
    int bodyBytes, Duration arrival, Duration idle, int connections, int perAddress) {

  /** How long a request's line and headers may be in HTTP/1.1. */
  public static final int HEADER_BYTES = 8_192;

  /** The most header lines of a request, its trailers among them; their size has its own bound. */
  static final int HEADERS = 100;

  /** The limits for bodies of at most {@code bodyBytes}. */
  public static HttpLimits withBodies(int bodyBytes, int connections, int perAddress) {
    return new HttpLimits(
        bodyBytes, Duration.ofSeconds(30), Duration.ofSeconds(75), connections, perAddress);
  }

  /** The same with so many connections on each event loop. */
  public HttpLimits connections(int most) {
    return new HttpLimits(bodyBytes, arrival, idle, most, perAddress);
  }

  /** The same with other times. */
  public HttpLimits times(Duration arrival, Duration idle) {
    return new HttpLimits(bodyBytes, arrival, idle, connections, perAddress);
  }
}
