package io.asyncproxy.benchmarks.limit;

import io.asyncproxy.benchmarks.wire.JobFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** One connection of a client or of the job server's callbacks. */
final class LimitHandler extends ChannelInboundHandlerAdapter {
  private static final AsciiString JSON = AsciiString.cached("application/json");
  private static final String CALLBACK = "/proxy/callback/";

  private final HeldRequests held;
  private final JobServerClient client;
  private final int ownPort;
  private String path = "";
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  LimitHandler(HeldRequests held, JobServerClient client, int ownPort) {
    this.held = held;
    this.client = client;
    this.ownPort = ownPort;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request) {
      path = request.uri();
      body = Unpooled.EMPTY_BUFFER;
    }
    if (message instanceof HttpContent content) {
      body =
          body.isReadable() ? Unpooled.wrappedBuffer(body, content.content()) : content.content();
      if (message instanceof LastHttpContent) {
        byte[] bytes = ByteBufUtil.getBytes(body);
        body.release();
        body = Unpooled.EMPTY_BUFFER;
        handle(ctx, bytes);
      }
    }
  }

  private void handle(ChannelHandlerContext ctx, byte[] bytes) {
    if (path.equals("/proxy")) {
      hold(ctx, bytes);
    } else if (path.startsWith(CALLBACK)) {
      callback(ctx, path.substring(CALLBACK.length()), bytes);
    } else {
      respond(ctx, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
    }
  }

  private void hold(ChannelHandlerContext ctx, byte[] bytes) {
    HeldRequest request = held.hold(ctx);
    String start =
        "{\"account\":"
            + JobFields.quote(JobFields.of(bytes).account())
            + ",\"wait\":false,\"callback\":\"http://127.0.0.1:"
            + ownPort
            + CALLBACK
            + request.token()
            + "\"}";
    client.start(ctx.channel().eventLoop(), start.getBytes(StandardCharsets.UTF_8), request);
  }

  private void callback(ChannelHandlerContext ctx, String token, byte[] bytes) {
    JobFields.of(bytes); // read, as the proxy does, though nothing of it is needed
    HeldRequest request = held.take(token);
    if (request != null) {
      request.answer(HttpResponseStatus.OK, bytes);
    }
    respond(
        ctx,
        request != null ? HttpResponseStatus.OK : HttpResponseStatus.NOT_FOUND,
        Unpooled.EMPTY_BUFFER);
  }

  static void respond(ChannelHandlerContext ctx, HttpResponseStatus status, ByteBuf body) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, JSON)
        .set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.readableBytes()));
    ctx.writeAndFlush(response, ctx.voidPromise());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
