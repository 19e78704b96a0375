package io.asyncproxy.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;

/** Writes HTTP/1.1 messages with JSON bodies of ASCII. */
public final class HttpText {
  private static final String JSON = "\r\nContent-Type: application/json\r\nContent-Length: ";

  private HttpText() {}

  /** A POST request. */
  public static ByteBuf request(Channel channel, String path, String host, String body) {
    ByteBuf buffer = channel.alloc().ioBuffer(256 + body.length());
    ascii(buffer, "POST ", path, " HTTP/1.1\r\nHost: ", host, JSON);
    ascii(buffer, Integer.toString(body.length()), "\r\n\r\n", body);
    return buffer;
  }

  /** A response, its status with the reason: {@code 200 OK}. */
  public static ByteBuf response(Channel channel, String status, String body) {
    ByteBuf buffer = channel.alloc().ioBuffer(128 + body.length());
    ascii(buffer, "HTTP/1.1 ", status, JSON, Integer.toString(body.length()), "\r\n\r\n", body);
    return buffer;
  }

  private static void ascii(ByteBuf buffer, String... parts) {
    for (String part : parts) {
      ByteBufUtil.writeAscii(buffer, part);
    }
  }
}
