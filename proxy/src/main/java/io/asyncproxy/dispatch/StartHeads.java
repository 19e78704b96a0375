package io.asyncproxy.dispatch;

import static io.netty.handler.codec.http.HttpHeaderValidationUtil.validateToken;
import static io.netty.handler.codec.http.HttpHeaderValidationUtil.validateValidHeaderValue;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests as HTTP/1.1 has them (RFC 9112, sections 3 and 5). What all have in common is
 * written out once.
 */
final class StartHeads {
  private static final byte[] END = "\r\n\r\n".getBytes(ISO_8859_1);

  private final String host;
  private @Nullable StartCall last;
  private byte[] lastBegin = {};

  StartHeads(JobServerSettings settings) {
    String name = settings.url().getHost();
    this.host = settings.port() == 80 ? name : name + ':' + settings.port();
  }

  /**
   * The request of {@code call}, to be released by who gets it.
   *
   * @throws IllegalArgumentException when its target or a header field can't be written
   */
  ByteBuf request(StartCall call, ByteBufAllocator allocator) {
    byte[] begin = begin(call);
    byte[] further = fields(call.further()).getBytes(ISO_8859_1);
    byte[] length = ("content-length: " + call.body().length).getBytes(ISO_8859_1);
    int size = begin.length + further.length + length.length + END.length + call.body().length;
    return allocator
        .buffer(size, size)
        .writeBytes(begin)
        .writeBytes(further)
        .writeBytes(length)
        .writeBytes(END)
        .writeBytes(call.body());
  }

  private byte[] begin(StartCall call) {
    StartCall before = last;
    boolean same =
        before != null
            && before.headers().equals(call.headers())
            && before.target().equals(call.target())
            && before.method().equals(call.method());
    if (!same) {
      lastBegin = (line(call) + fields(call.headers())).getBytes(ISO_8859_1);
      last = new StartCall(call.method(), call.target(), call.headers(), Map.of(), new byte[0]);
    }
    return lastBegin;
  }

  private String line(StartCall call) {
    if (!call.target().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("The target of the request has forbidden characters");
    }
    return call.method().name() + ' ' + call.target() + " HTTP/1.1\r\nhost: " + host + "\r\n";
  }

  private static String fields(Map<String, String> headers) {
    if (headers.isEmpty()) {
      return "";
    }
    StringBuilder fields = new StringBuilder();
    headers.forEach((name, value) -> field(name, value, fields));
    return fields.toString();
  }

  private static void field(String name, String value, StringBuilder fields) {
    if (name.isEmpty() || validateToken(name) >= 0 || validateValidHeaderValue(value) >= 0) {
      throw new IllegalArgumentException("The request has a forbidden header field");
    }
    fields.append(name).append(": ").append(value).append("\r\n");
  }
}
