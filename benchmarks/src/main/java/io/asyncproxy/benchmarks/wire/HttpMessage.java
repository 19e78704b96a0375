package io.asyncproxy.benchmarks.wire;

/**
 * A whole HTTP/1.1 request or response.
 *
 * @param startLine request line or status line
 * @param body its bytes, without any framing
 * @param close whether the peer closes the connection after it
 */
public record HttpMessage(String startLine, byte[] body, boolean close) {
  /** Status of a response. */
  public int status() {
    return Integer.parseInt(startLine, 9, 12, 10);
  }

  /** Whether this is a request with that method and path. */
  public boolean asks(String method, String path) {
    return startLine.startsWith(method + ' ' + path + ' ');
  }
}
