package io.asyncproxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection's time until its first request: closes it when that takes too long, and puts the
 * strict decoder in the place of Vert.x's. Takes itself away when it is done. Of one event loop.
 */
final class FirstRequest extends ChannelInboundHandlerAdapter {
  /** Of HTTP/2 (RFC 9113, section 3.4): no more is needed to tell the two apart. */
  private static final int PREFACE_BYTES = 24;

  private final Duration arrival;
  private final Admission admission;
  private @Nullable Future<?> deadline;
  private boolean decoding;
  private int sniffed;

  FirstRequest(Duration arrival, Admission admission) {
    this.arrival = arrival;
    this.admission = admission;
  }

  /**
   * The first request on {@code channel} is there: from now on its connection has an owner. With
   * TLS that is so as soon as the handshake is done, and the decoder has not seen anything yet.
   */
  static void arrived(Channel channel) {
    FirstRequest first = channel.pipeline().get(FirstRequest.class);
    if (first != null) {
      first.decoding = first.decoding || first.replaceDecoder(channel.pipeline());
      channel.pipeline().remove(first);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline =
        context.executor().schedule(() -> context.close(), arrival.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (deadline != null) {
      deadline.cancel(false);
    }
    admission.arrived(context.channel());
  }

  /**
   * Vert.x adds its decoder when the first bytes show which HTTP it is. They are handed on one by
   * one until then, so that the decoder is replaced before it has seen a whole line.
   */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    while (sniffed < PREFACE_BYTES && !decoding && bytes.readableBytes() > 1) {
      sniffed++;
      context.fireChannelRead(bytes.readRetainedSlice(1));
      decoding = replaceDecoder(context.pipeline());
    }
    context.fireChannelRead(bytes);
    decoding = decoding || replaceDecoder(context.pipeline());
  }

  private boolean replaceDecoder(ChannelPipeline pipeline) {
    ChannelHandler theirs = pipeline.get(HttpRequestDecoder.class);
    if (theirs == null) {
      return false;
    }
    String name = pipeline.context(theirs).name();
    pipeline.replace(theirs, name, new RequestDecoder(arrival));
    return true;
  }
}
