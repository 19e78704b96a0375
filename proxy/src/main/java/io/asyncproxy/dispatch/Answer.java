package io.asyncproxy.dispatch;

import io.asyncproxy.route.Message;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Arrays;
import java.util.Optional;

/** An answer that is coming in. */
final class Answer {
  private final HttpResponse head;
  private byte[] body = {};
  private int length;

  Answer(HttpResponse head) {
    this.head = head;
  }

  int status() {
    return head.status().code();
  }

  /** Whether another one follows it (RFC 9110, section 15.2). */
  boolean isInterim() {
    return status() / 100 == 1 && !head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
  }

  /** Whether a further request may be sent after it on the same connection (RFC 9112, 9.3). */
  boolean keepsAlive() {
    return HttpUtil.isKeepAlive(head) && status() / 100 != 1;
  }

  /** One buffer it comes in mostly, and is copied once; the room for more doubles. */
  void append(ByteBuf part) {
    int added = part.readableBytes();
    if (added > body.length - length) {
      body = Arrays.copyOf(body, Math.max(Math.addExact(length, added), grown()));
    }
    part.getBytes(part.readerIndex(), body, length, added);
    length += added;
  }

  private int grown() {
    return (int) Math.min(2L * length, Integer.MAX_VALUE - 8);
  }

  /** How long its body is so far. */
  int length() {
    return length;
  }

  byte[] body() {
    if (body.length > length) {
      body = Arrays.copyOf(body, length);
    }
    return body;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(head.headers().get(name));
  }

  Message message() {
    return new Message(this::header, "", body());
  }
}
