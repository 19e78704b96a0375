package io.asyncproxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that sends bytes as they are, and reads what comes: one connection. */
final class RawClient implements AutoCloseable {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

  private static final int QUIET_MILLIS = 5;

  private final Socket socket;
  private final StringBuilder received = new StringBuilder();

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
  }

  /** With a small receive buffer, so that what it does not read stays at its peer. */
  RawClient(int port, int receiveBuffer) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(receiveBuffer);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Sends characters of ISO 8859-1, each of which is a byte. */
  RawClient send(String raw) throws IOException {
    return send(raw.getBytes(ISO_8859_1));
  }

  RawClient send(byte[] raw) throws IOException {
    socket.getOutputStream().write(raw);
    return this;
  }

  /** Sends as long as the peer lets us; a hostile one is cut off in between. */
  RawClient trySend(byte[] raw) {
    try {
      send(raw);
    } catch (IOException cutOff) {
      // What was answered before can still be read.
    }
    return this;
  }

  /** All that comes until the peer closes the connection, within {@code millis}. */
  RawClient readToEnd(int millis) throws IOException {
    read(millis, Integer.MAX_VALUE);
    return this;
  }

  /** Whether the peer closed the connection within {@code millis}. */
  boolean isClosedWithin(int millis) throws IOException {
    return read(millis, Integer.MAX_VALUE);
  }

  /**
   * Reads until the peer closes the connection, or has answered and sends no more for a moment;
   * false where neither is so within {@code millis}.
   */
  boolean readUntilQuiet(int millis) throws IOException {
    boolean closed = read(millis, 1);
    while (!closed && !received.isEmpty()) {
      int before = received.length();
      closed = read(QUIET_MILLIS, before + 1);
      if (received.length() == before) {
        return true;
      }
    }
    return closed;
  }

  /** Reads what is there, but not more. */
  void readAtMost(int bytes) throws IOException {
    byte[] buffer = new byte[Math.min(bytes, socket.getInputStream().available())];
    int count = socket.getInputStream().read(buffer);
    received.append(new String(buffer, 0, Math.max(0, count), ISO_8859_1));
  }

  /** Waits for so many bytes; true where the connection ended before. */
  private boolean read(int millis, int atLeast) throws IOException {
    long deadline = System.nanoTime() + millis * 1_000_000L;
    byte[] buffer = new byte[16_384];
    while (received.length() < atLeast) {
      long left = (deadline - System.nanoTime()) / 1_000_000L;
      if (left <= 0) {
        return false;
      }
      try {
        socket.setSoTimeout((int) left);
        int count = socket.getInputStream().read(buffer);
        if (count < 0) {
          return true;
        }
        received.append(new String(buffer, 0, count, ISO_8859_1));
      } catch (SocketTimeoutException open) {
        return false;
      } catch (IOException reset) {
        return true;
      }
    }
    return false;
  }

  /** Waits until something has come, for 10 s at most. */
  RawClient readSome() throws IOException {
    read(10_000, received.length() + 1);
    return this;
  }

  String received() {
    return received.toString();
  }

  /** The status of each answer that came. */
  List<Integer> statuses() {
    List<Integer> statuses = new ArrayList<>();
    Matcher matcher = STATUS.matcher(received);
    while (matcher.find()) {
      statuses.add(Integer.parseInt(matcher.group(1)));
    }
    return statuses;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
