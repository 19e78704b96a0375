package io.asyncproxy.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Chunked transfer coding (RFC 9112, section 7.1), without trailers. */
final class ChunkedBody {
  private ChunkedBody() {}

  /** The body that begins at {@code from}, which is then read; empty where it is not complete. */
  static Optional<byte[]> read(ByteBuf in, int from) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int at = from;
    while (true) {
      int lineEnd = at < in.writerIndex() ? in.indexOf(at, in.writerIndex(), (byte) '\n') : -1;
      if (lineEnd < 0) {
        return Optional.empty();
      }
      int length = size(in.toString(at, lineEnd - at, StandardCharsets.ISO_8859_1));
      int dataAt = lineEnd + 1;
      if (in.writerIndex() - dataAt < length + 2) {
        return Optional.empty();
      }
      body.writeBytes(ByteBufUtil.getBytes(in, dataAt, length));
      at = dataAt + length + 2;
      if (length == 0) {
        in.readerIndex(at);
        return Optional.of(body.toByteArray());
      }
    }
  }

  private static int size(String line) {
    int extension = line.indexOf(';');
    return Integer.parseInt((extension < 0 ? line : line.substring(0, extension)).trim(), 16);
  }
}
