package io.asyncproxy.benchmarks.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import org.jspecify.annotations.Nullable;

/** One connection of {@link Http1Connections}. */
final class Http1Connection extends SimpleChannelInboundHandler<HttpMessage> {
  private final Http1Connections all;
  private final Channel channel;
  private @Nullable Exchange exchange;
  private long begunAt;
  private boolean answeredBefore;

  Http1Connection(Http1Connections all, Channel channel) {
    this.all = all;
    this.channel = channel;
  }

  boolean isOpen() {
    return channel.isActive();
  }

  void begin(Exchange next) {
    exchange = next;
    begunAt = System.nanoTime();
    channel.writeAndFlush(
        HttpText.request(channel, next.path(), all.host(), next.body()), channel.voidPromise());
  }

  void failIfBegunBefore(long nanos) {
    if (begunAt - nanos < 0) {
      fail("timeout");
      channel.close();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpMessage response) {
    Exchange answered = exchange;
    exchange = null;
    answeredBefore = true;
    if (response.close()) {
      channel.close();
    } else {
      all.release(this);
    }
    if (answered != null) {
      answered.answered(response.status(), response.body());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Exchange lost = exchange;
    all.gone(this);
    if (lost != null && answeredBefore) { // an idle connection was closed as it was taken: another
      exchange = null;
      all.send(lost);
    } else {
      fail("closed");
    }
  }

  private void fail(String reason) {
    Exchange failed = exchange;
    exchange = null;
    if (failed != null) {
      failed.failed(reason);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause.toString());
    ctx.close();
  }
}
