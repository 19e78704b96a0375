package io.asyncproxy.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Requests to programs of this run, each by a connection of its own. */
public final class Local {
  private static final int TIMEOUT_MILLIS = 30_000;

  private Local() {}

  /** Whether {@code GET path} is answered with 200 now. */
  public static boolean isOk(int port, String path) {
    try {
      return exchange(port, "GET", path, 1).startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  /** The whole response. */
  public static String get(int port, String path) {
    return asked(port, "GET", path);
  }

  /** The same for POST, without a body. */
  public static String post(int port, String path) {
    return asked(port, "POST", path);
  }

  private static String asked(int port, String method, String path) {
    try {
      return exchange(port, method, path, Integer.MAX_VALUE);
    } catch (IOException e) {
      throw new CannotMeasureException(
          method + " http://127.0.0.1:" + port + path + " was not answered: " + e.getMessage(), e);
    }
  }

  private static String exchange(int port, String method, String path, int lines)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String request =
          "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
              .formatted(method, path);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return answer.lines().limit(lines).collect(Collectors.joining("\n"));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
