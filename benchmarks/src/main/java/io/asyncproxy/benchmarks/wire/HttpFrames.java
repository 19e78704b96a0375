package io.asyncproxy.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A minimal HTTP/1.1 decoder for requests and responses with {@code Content-Length} or chunked
 * bodies (RFC 9112). Much cheaper than a full codec, so that the processor is left to the program
 * under test.
 */
public final class HttpFrames extends ByteToMessageDecoder {
  private static final int HEAD_BYTES = 64 * 1024;

  private record Head(String startLine, boolean chunked, int length, boolean close) {}

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int headLength = headLength(in);
    if (headLength < 0) {
      if (in.readableBytes() > HEAD_BYTES) {
        throw new IllegalStateException("HTTP head of more than " + HEAD_BYTES + " bytes");
      }
      return;
    }
    Head head = parse(in.toString(in.readerIndex(), headLength, StandardCharsets.ISO_8859_1));
    int bodyAt = in.readerIndex() + headLength;
    if (head.startLine.startsWith("HTTP/1.1 1")) { // interim response
      in.readerIndex(bodyAt);
    } else if (head.chunked) {
      ChunkedBody.read(in, bodyAt)
          .ifPresent(body -> out.add(new HttpMessage(head.startLine, body, head.close)));
    } else if (in.writerIndex() - bodyAt >= head.length) {
      byte[] body = ByteBufUtil.getBytes(in, bodyAt, head.length);
      in.readerIndex(bodyAt + head.length);
      out.add(new HttpMessage(head.startLine, body, head.close));
    }
  }

  private static Head parse(String head) {
    int lineEnd = head.indexOf("\r\n");
    String startLine = head.substring(0, lineEnd);
    boolean close = startLine.endsWith("HTTP/1.0") || startLine.startsWith("HTTP/1.0");
    boolean chunked = false;
    int length = 0;
    for (int at = lineEnd + 2; at < head.length() - 2; ) {
      int end = head.indexOf("\r\n", at);
      if (isHeader(head, at, "content-length:")) {
        length = Integer.parseInt(head.substring(at + 15, end).trim());
      } else if (isHeader(head, at, "transfer-encoding:")) {
        chunked = lower(head, at + 18, end).contains("chunked");
      } else if (isHeader(head, at, "connection:")) {
        close = lower(head, at + 11, end).contains("close");
      }
      at = end + 2;
    }
    return new Head(startLine, chunked, length, close);
  }

  private static String lower(String head, int from, int to) {
    return head.substring(from, to).toLowerCase(Locale.ROOT);
  }

  /** Length of the head with its empty line, or -1 if it is not complete. */
  private static int headLength(ByteBuf in) {
    int from = in.readerIndex();
    int to = in.writerIndex();
    for (int at = in.indexOf(from, to, (byte) '\n');
        at >= 0;
        at = in.indexOf(at + 1, to, (byte) '\n')) {
      if (at + 2 < to && in.getByte(at + 1) == '\r' && in.getByte(at + 2) == '\n') {
        return at + 3 - from;
      }
    }
    return -1;
  }

  private static boolean isHeader(String head, int at, String name) {
    return head.regionMatches(true, at, name, 0, name.length());
  }
}
