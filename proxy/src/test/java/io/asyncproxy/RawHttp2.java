package io.asyncproxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A client of HTTP/2 (RFC 9113) that keeps to no limit. Headers are literals, never indexed. */
final class RawHttp2 implements AutoCloseable {
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int GOAWAY = 7;

  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int PRIORITY = 32;

  /** A frame as it came. */
  record Frame(int type, int flags, int stream, byte[] payload) {
    int number(int offset) {
      return ((payload[offset] & 0xff) << 24)
          | ((payload[offset + 1] & 0xff) << 16)
          | ((payload[offset + 2] & 0xff) << 8)
          | (payload[offset + 3] & 0xff);
    }

    /** Without the five bytes of a priority. */
    byte[] headerBlock() {
      return Arrays.copyOfRange(payload, (flags & PRIORITY) == 0 ? 0 : 5, payload.length);
    }

    boolean is(int wanted) {
      return type == wanted;
    }
  }

  private final Socket socket;
  private final DataOutputStream out;
  private final DataInputStream in;

  /** Greets the server, and asks for nothing. */
  RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
    in = new DataInputStream(socket.getInputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
    out.flush();
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  /** A GET, with a header of {@code padding} bytes. */
  void get(int stream, String path, int padding) throws IOException {
    byte[] headers = headers("GET", path, padding);
    frame(HEADERS, END_STREAM | END_HEADERS, stream, headers);
  }

  /** The head of a POST, whose body is still to come. */
  void beginPost(int stream, String path) throws IOException {
    frame(HEADERS, END_HEADERS, stream, headers("POST", path, 0));
  }

  void reset(int stream) throws IOException {
    frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  void flush() throws IOException {
    out.flush();
  }

  private static byte[] headers(String method, String path, int padding) throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    literal(bytes, ":method", method);
    literal(bytes, ":scheme", "http");
    literal(bytes, ":authority", "localhost");
    literal(bytes, ":path", path);
    if (padding > 0) {
      literal(bytes, "x-padding", "p".repeat(padding));
    }
    return bytes.toByteArray();
  }

  /** RFC 7541, section 6.2.2: a literal without indexing, a new name, no Huffman code. */
  private static void literal(java.io.ByteArrayOutputStream to, String name, String value) {
    to.write(0);
    text(to, name);
    text(to, value);
  }

  private static void text(java.io.ByteArrayOutputStream to, String text) {
    int length = text.length();
    if (length < 127) {
      to.write(length);
    } else {
      to.write(127);
      int rest = length - 127;
      while (rest >= 128) {
        to.write((rest & 0x7f) | 0x80);
        rest >>= 7;
      }
      to.write(rest);
    }
    to.writeBytes(text.getBytes(US_ASCII));
  }

  /** The next frame that is {@code wanted}; empty when the connection ends before. */
  Optional<Frame> next(Predicate<Frame> wanted) {
    try {
      while (true) {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        Frame frame =
            new Frame(
                in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), in.readNBytes(length));
        if (frame.is(SETTINGS) && (frame.flags() & ACK) == 0) {
          frame(SETTINGS, ACK, 0, new byte[0]);
          out.flush();
        }
        if (wanted.test(frame)) {
          return Optional.of(frame);
        }
      }
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  /** What the server allows, by the numbers of RFC 9113, section 6.5.2. */
  Map<Integer, Integer> settings() {
    Frame frame = next(f -> f.is(SETTINGS)).orElseThrow();
    Map<Integer, Integer> settings = new HashMap<>();
    for (int at = 0; at < frame.payload().length; at += 6) {
      int key = ((frame.payload()[at] & 0xff) << 8) | (frame.payload()[at + 1] & 0xff);
      settings.put(key, frame.number(at + 2));
    }
    return settings;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
