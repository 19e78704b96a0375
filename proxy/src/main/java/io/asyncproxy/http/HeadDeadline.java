package io.asyncproxy.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which the head of a request has begun and takes too long. Only time in
 * which the connection is read counts: what the client has sent may wait unread, and it can't send
 * more, while a request before it is not answered. Of one connection.
 */
@SuppressWarnings("NullAway.Init") // Netty adds a handler before it uses it
final class HeadDeadline extends ChannelDuplexHandler {
  private final Duration arrival;
  private ChannelHandlerContext own;
  private @Nullable Future<?> deadline;

  /** Whether the next read goes on with one that has just ended; else it begins after a pause. */
  private boolean goesOn;

  /** One by which a head arrives within {@code arrival}. */
  HeadDeadline(Duration arrival) {
    this.arrival = arrival;
  }

  /** A head is there in part: the time runs, if it does not already. */
  void begun() {
    if (deadline == null) {
      deadline = own.executor().schedule(this::isOver, arrival.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** No head is there in part. */
  void ended() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** While nothing is read no time is over: it begins again with the next read. */
  private void isOver() {
    deadline = null;
    if (own.channel().config().isAutoRead()) {
      own.close();
    } else {
      begun();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    own = context;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    ended();
  }

  /** Netty reads on behind this, unless somebody has paused it meanwhile. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    goesOn = context.channel().config().isAutoRead();
  }

  @Override
  public void read(ChannelHandlerContext context) {
    if (deadline != null && !goesOn) {
      ended();
      begun();
    }
    goesOn = false;
    context.read();
  }
}
