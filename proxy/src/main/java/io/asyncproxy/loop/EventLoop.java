package io.asyncproxy.loop;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One event loop and what it has of its own.
 *
 * @param context where everything of this loop runs
 * @param deadlines its deadlines, used only on it
 */
public record EventLoop(Context context, Deadlines deadlines) {

  /** The loop of {@code context}. */
  public static EventLoop of(Context context) {
    var netty = ((ContextInternal) context).nettyEventLoop();
    Deadlines.Timer timer =
        (delayNanos, action) ->
            netty.schedule(
                () -> ((ContextInternal) context).emit(_ -> action.run()),
                delayNanos,
                TimeUnit.NANOSECONDS);
    return new EventLoop(context, new Deadlines(System::nanoTime, timer));
  }

  /** A promise whose future completes on this loop, whoever keeps it. */
  public <T> Promise<T> promise() {
    return ((ContextInternal) context).promise();
  }

  /** Runs {@code action} on this loop after a while; may be called from anywhere. */
  public void later(Duration wait, Runnable action) {
    execute(() -> deadlines.in(wait, action));
  }

  /** Runs {@code action} on this loop, soon. */
  public void execute(Runnable action) {
    context.runOnContext(_ -> action.run());
  }

  /** A promise whose future tells on the event loop that this is, where it is one. */
  public static <T> Promise<T> promiseHere() {
    ContextInternal here = ContextInternal.current();
    return here != null ? here.promise() : Promise.promise();
  }
}
