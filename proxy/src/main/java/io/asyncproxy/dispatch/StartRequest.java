package io.asyncproxy.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The body of a start: the client's object, with our {@code wait} and {@code callback}. */
final class StartRequest {
  private static final byte[] BEFORE_URL = ",\"wait\":false,\"callback\":\"".getBytes(UTF_8);
  private static final byte[] BEHIND_URL = "\"}".getBytes(UTF_8);

  private StartRequest() {}

  /**
   * Writes the body.
   *
   * @param object a JSON object with at least one member, from its first brace to its last
   * @param callbackUrl a URL, which needs no escapes
   */
  static byte[] body(byte[] object, String callbackUrl) {
    byte[] url = callbackUrl.getBytes(UTF_8);
    int members = object.length - 1;
    byte[] body = new byte[members + BEFORE_URL.length + url.length + BEHIND_URL.length];
    System.arraycopy(object, 0, body, 0, members);
    System.arraycopy(BEFORE_URL, 0, body, members, BEFORE_URL.length);
    System.arraycopy(url, 0, body, members + BEFORE_URL.length, url.length);
    System.arraycopy(BEHIND_URL, 0, body, body.length - BEHIND_URL.length, BEHIND_URL.length);
    return body;
  }
}
