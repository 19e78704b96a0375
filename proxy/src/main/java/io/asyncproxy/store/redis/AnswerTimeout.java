package io.asyncproxy.store.redis;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that was written to, and that nothing comes from. A pool would give it out
 * again and again: where the other end has gone without a word, until the kernel gives up sending,
 * a quarter of an hour later.
 */
final class AnswerTimeout extends ChannelDuplexHandler {
  private static final long LOOK_MILLIS = 500;

  private final long nanos;
  private boolean asked;
  private long askedNanos;
  private @Nullable ScheduledFuture<?> look;

  AnswerTimeout(long millis) {
    this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    look =
        context
            .executor()
            .scheduleWithFixedDelay(
                () -> look(context), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look(ChannelHandlerContext context) {
    if (!context.channel().isActive()) {
      stop();
    } else if (asked && System.nanoTime() - askedNanos >= nanos) {
      // What was not sent yet is never to be: the kernel would go on trying, for a minute and more.
      context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      context.close();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (!asked) {
      asked = true;
      askedNanos = System.nanoTime();
    }
    context.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    asked = false;
    context.fireChannelRead(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stop();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    stop();
  }

  private void stop() {
    if (look != null) {
      look.cancel(false);
    }
  }
}
