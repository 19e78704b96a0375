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

  /** One buffer it comes in mostly, and is copied once. */
  void append(ByteBuf part) {
    int length = part.readableBytes();
    if (length > 0) {
      int before = body.length;
      body = Arrays.copyOf(body, before + length);
      part.getBytes(part.readerIndex(), body, before, length);
    }
  }

  byte[] body() {
    return body;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(head.headers().get(name));
  }

  Message message() {
    return new Message(this::header, "", body);
  }
}
