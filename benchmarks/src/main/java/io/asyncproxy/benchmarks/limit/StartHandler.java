package io.asyncproxy.benchmarks.limit;

import io.asyncproxy.benchmarks.wire.JobFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection to the job server, one start at a time. */
final class StartHandler extends ChannelInboundHandlerAdapter {
  private static final byte[] NOTHING = {};

  private final String host;
  private @Nullable HeldRequest held;
  private int status;
  private byte[] body = NOTHING;

  StartHandler(String host) {
    this.host = host;
  }

  void send(Channel channel, ByteBuf start, HeldRequest request) {
    held = request;
    DefaultFullHttpRequest post =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/start", start);
    post.headers()
        .set(HttpHeaderNames.HOST, host)
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(start.readableBytes()));
    channel.writeAndFlush(post, channel.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpResponse response) {
      status = response.status().code();
      body = NOTHING;
    }
    if (message instanceof HttpContent content) {
      append(ByteBufUtil.getBytes(content.content()));
      content.release();
      if (message instanceof LastHttpContent) {
        answered(ctx);
      }
    }
  }

  private void append(byte[] more) {
    int before = body.length;
    if (before == 0) {
      body = more;
    } else {
      body = Arrays.copyOf(body, before + more.length);
      System.arraycopy(more, 0, body, before, more.length);
    }
  }

  private void answered(ChannelHandlerContext ctx) {
    HeldRequest answered = held;
    held = null;
    JobServerClient.idle(ctx.channel());
    if (answered != null && !(status / 100 == 2 && JobFields.of(body).state().equals("running"))) {
      answered.fail(HttpResponseStatus.BAD_GATEWAY);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    JobServerClient.gone(ctx.channel());
    if (held != null) {
      held.fail(HttpResponseStatus.BAD_GATEWAY);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
