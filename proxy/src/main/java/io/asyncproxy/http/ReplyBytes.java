package io.asyncproxy.http;

import static io.netty.handler.codec.http.HttpHeaderValidationUtil.validateToken;
import static io.netty.handler.codec.http.HttpHeaderValidationUtil.validateValidHeaderValue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.Map;

/**
 * An answer as HTTP/1.1 has it (RFC 9112, section 4), head and body in one piece, as Vert.x would
 * send it.
 */
final class ReplyBytes {
  private static final int HEAD_BYTES = 256;
  private static final byte[] NO_BODY = {};
  private static final AsciiString VERSION = AsciiString.cached("HTTP/1.1 ");
  private static final AsciiString TYPE = AsciiString.cached("content-type");
  private static final AsciiString LENGTH = AsciiString.cached("content-length");
  private static final short COLON = ':' << 8 | ' ';
  private static final short END_OF_LINE = '\r' << 8 | '\n';

  private ReplyBytes() {}

  /** The bytes of {@code reply}; fails where one of its header fields can't be sent. */
  static ByteBuf of(Reply reply, ByteBufAllocator allocator) {
    ByteBuf bytes = allocator.directBuffer(HEAD_BYTES + reply.body().length);
    try {
      HttpResponseStatus status = HttpResponseStatus.valueOf(reply.status());
      ByteBufUtil.copy(VERSION, bytes);
      ByteBufUtil.copy(status.codeAsText(), bytes);
      bytes.writeByte(' ');
      ByteBufUtil.writeAscii(bytes, status.reasonPhrase());
      bytes.writeShort(END_OF_LINE);
      for (Map.Entry<String, String> header : reply.headers().entrySet()) {
        write(header.getKey(), header.getValue(), bytes);
      }
      if (!reply.contentType().isEmpty()) {
        write(TYPE, reply.contentType(), bytes);
      }
      byte[] body = bodyOf(reply);
      if (hasLength(reply.status())) {
        write(LENGTH, Integer.toString(body.length), bytes);
      }
      return bytes.writeShort(END_OF_LINE).writeBytes(body);
    } catch (RuntimeException | Error failure) {
      bytes.release();
      throw failure;
    }
  }

  /** RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5: none, whatever there would be. */
  private static byte[] bodyOf(Reply reply) {
    return switch (reply.status()) {
      case 204, 205, 304 -> NO_BODY;
      default -> reply.body();
    };
  }

  private static boolean hasLength(int status) {
    return status != 204 && status != 304;
  }

  private static void write(CharSequence name, String value, ByteBuf bytes) {
    if (validateToken(name) >= 0 || validateValidHeaderValue(value) >= 0) {
      throw new IllegalArgumentException("Not a header field that can be sent: " + name);
    }
    ByteBufUtil.writeAscii(bytes, name);
    bytes.writeShort(COLON);
    ByteBufUtil.writeAscii(bytes, value);
    bytes.writeShort(END_OF_LINE);
  }
}
