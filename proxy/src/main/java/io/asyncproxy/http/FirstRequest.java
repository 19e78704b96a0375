package io.asyncproxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
  /** How an HTTP/2 connection begins (RFC 9113, section 3.4). */
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  /** Behind "PRI ", which no method of HTTP/1 is, nothing but the rest of it can follow. */
  private static final int SURELY_HTTP_2 = 4;

  private final Duration arrival;
  private final Admission admission;
  private @Nullable Future<?> deadline;
  private boolean decoding;
  private boolean looksLikeHttp2 = true;
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
      channel.pipeline().remove(first);
      first.decoding = first.decoding || first.replaceDecoder(channel.pipeline());
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
    while (!decoding && sniffed < PREFACE.length && bytes.isReadable()) {
      if (isNeither(bytes.getByte(bytes.readerIndex()))) {
        bytes.release();
        context.close();
        return;
      }
      context.fireChannelRead(bytes.readRetainedSlice(1));
      decoding = replaceDecoder(context.pipeline());
    }
    if (bytes.isReadable()) {
      context.fireChannelRead(bytes);
    } else {
      bytes.release();
    }
  }

  /** Vert.x would read what it has kept for HTTP/2 by its own decoder, all at once. */
  private boolean isNeither(byte next) {
    boolean wasHttp2 = looksLikeHttp2;
    looksLikeHttp2 = wasHttp2 && next == PREFACE[sniffed];
    sniffed++;
    return wasHttp2 && !looksLikeHttp2 && sniffed > SURELY_HTTP_2;
  }

  private boolean replaceDecoder(ChannelPipeline pipeline) {
    ChannelHandler theirs = pipeline.get(HttpRequestDecoder.class);
    if (theirs == null) {
      return false;
    }
    String name = pipeline.context(theirs).name();
    HeadDeadline heads = new HeadDeadline(arrival);
    pipeline.addBefore(name, "head-deadline", heads);
    pipeline.replace(theirs, name, new RequestDecoder(heads));
    return true;
  }
}
