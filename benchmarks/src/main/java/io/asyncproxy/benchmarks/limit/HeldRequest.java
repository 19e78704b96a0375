package io.asyncproxy.benchmarks.limit;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client that waits for its job; answered once, on its own event loop. */
final class HeldRequest implements Runnable {
  private static final long TIMEOUT_SECONDS = 30;
  private static final byte[] EMPTY = {'{', '}'};

  private final HeldRequests all;
  private final ChannelHandlerContext client;
  private final String token;
  private @Nullable Future<?> timeout;

  HeldRequest(HeldRequests all, ChannelHandlerContext client, String token) {
    this.all = all;
    this.client = client;
    this.token = token;
  }

  void scheduleTimeout() {
    timeout = client.channel().eventLoop().schedule(this, TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  String token() {
    return token;
  }

  @Override
  public void run() {
    fail(HttpResponseStatus.GATEWAY_TIMEOUT);
  }

  void fail(HttpResponseStatus status) {
    if (all.take(token) != null) {
      answer(status, EMPTY);
    }
  }

  /** Only for whoever took it. */
  void answer(HttpResponseStatus status, byte[] body) {
    EventLoop loop = client.channel().eventLoop();
    if (loop.inEventLoop()) {
      write(status, body);
    } else {
      loop.execute(() -> write(status, body));
    }
  }

  private void write(HttpResponseStatus status, byte[] body) {
    if (timeout != null) {
      timeout.cancel(false);
    }
    LimitHandler.respond(client, status, Unpooled.wrappedBuffer(body));
  }
}
