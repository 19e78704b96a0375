package io.asyncproxy.dispatch;

import io.asyncproxy.headers.KeepAlive;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One connection, with one request on its way at most. */
final class PlainConnection extends ChannelInboundHandlerAdapter {
  private final PlainStarts owner;
  private final Channel channel;
  private final AnswerDecoder decoder;
  private @Nullable Exchange exchange;
  private @Nullable ChannelFuture written;
  private @Nullable Answer answer;
  private boolean complete;
  private boolean spoilt;
  private long freshUntil;

  PlainConnection(PlainStarts owner, Channel channel, AnswerDecoder decoder) {
    this.owner = owner;
    this.channel = channel;
    this.decoder = decoder;
  }

  /** Sends {@code request}, the answer to which is {@code next}'s. */
  void send(Exchange next, ByteBuf request) {
    exchange = next;
    next.sending(this::close);
    written = channel.writeAndFlush(request);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      Exchange current = exchange;
      if (current == null || complete) {
        spoil(); // nobody asked for it
      } else {
        read(current, (HttpObject) message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(Exchange current, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      current.broke(part.decoderResult().cause());
      spoil();
      return;
    }
    if (part instanceof HttpResponse head) {
      answer = new Answer(head);
    }
    Answer begun = answer;
    if (begun != null && !begun.isInterim() && part instanceof HttpContent content) {
      begun.append(content.content());
      if (begun.length() > owner.maxAnswerBytes()) {
        current.tooLong(begun.status(), begun.body());
        spoil();
      }
      complete = part instanceof LastHttpContent;
    }
  }

  /**
   * Only now is the answer over: what came with it that nobody asked for would else be taken for
   * the answer to the next request.
   */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    finish();
  }

  private void finish() {
    Exchange ended = exchange;
    Answer whole = answer;
    if (!complete || ended == null || whole == null) {
      return;
    }
    boolean sent = written != null && written.isSuccess();
    exchange = null;
    answer = null;
    complete = false;
    if (sent && !spoilt && whole.keepsAlive() && channel.isActive() && decoder.isClean()) {
      Duration idle = KeepAlive.of(whole.header("Keep-Alive"), Starts.LONGEST_IDLE);
      freshUntil = System.nanoTime() + idle.toNanos();
      owner.idle(this);
    } else {
      close();
    }
    ended.answered(whole.status(), whole.message());
  }

  /** Whether the job server still waits for a request on it, as far as it said, and in silence. */
  boolean isFresh(long now) {
    return channel.isActive() && now - freshUntil < 0 && decoder.isClean();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    owner.gone(this);
    finish();
    if (exchange != null) {
      exchange.broke(new HttpClosedException("Connection was closed"));
    }
  }

  /** A failure of ours, as for lack of memory, says nothing of the job server's answer. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
    if (exchange != null) {
      boolean isTheirs = why instanceof IOException || why instanceof DecoderException;
      exchange.broke(isTheirs ? why : new IOException(why));
    }
    spoil();
  }

  private void spoil() {
    spoilt = true;
    close();
  }

  /** Breaks it off; an exchange that is on its way ends. */
  void close() {
    channel.close();
  }
}
