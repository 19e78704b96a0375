package io.asyncproxy.benchmarks.wire;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** What comes back on one stream. */
final class Http2Answer extends ChannelInboundHandlerAdapter {
  private static final byte[] NOTHING = {};

  private final Runnable ended;
  private @Nullable Exchange exchange;
  private @Nullable ByteArrayOutputStream body; // made when it comes: most streams only wait
  private int status;

  Http2Answer(Exchange exchange, Runnable ended) {
    this.exchange = exchange;
    this.ended = ended;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    boolean last = false;
    switch (frame) {
      case Http2HeadersFrame headers -> {
        CharSequence named = headers.headers().status();
        status = named == null ? status : Integer.parseInt(named.toString());
        last = headers.isEndStream();
      }
      case Http2DataFrame data -> {
        body = body == null ? new ByteArrayOutputStream(256) : body;
        body.writeBytes(ByteBufUtil.getBytes(data.content()));
        last = data.isEndStream();
      }
      case Http2ResetFrame reset -> fail("reset " + reset.errorCode());
      default -> {}
    }
    ReferenceCountUtil.release(frame);
    if (last) {
      answered();
    }
  }

  private void answered() {
    Exchange answered = exchange;
    if (answered != null) {
      exchange = null;
      ended.run();
      answered.answered(status, body == null ? NOTHING : body.toByteArray());
    }
  }

  void fail(String reason) {
    Exchange failed = exchange;
    if (failed != null) {
      exchange = null;
      ended.run();
      failed.failed(reason);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail("closed");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause.toString());
    ctx.close();
  }
}
