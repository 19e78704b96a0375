package io.asyncproxy.loop;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * Work of many batches, each after the one before, however many there are. Futures composed of each
 * other would end one within the other, deeper than the stack.
 */
public final class Batches {
  private final Supplier<Future<Boolean>> batch;
  private final Promise<Void> done = EventLoop.promiseHere();

  private Batches(Supplier<Future<Boolean>> batch) {
    this.batch = batch;
  }

  /**
   * Runs {@code batch} again and again until it says that there is no more.
   *
   * @param batch makes one batch, and says whether another one is to follow
   * @return completes after the last batch; fails with the first one that fails, or that throws
   */
  public static Future<Void> whileMore(Supplier<Future<Boolean>> batch) {
    Batches batches = new Batches(batch);
    batches.run();
    return batches.done.future();
  }

  private void run() {
    boolean more = true;
    while (more) {
      Future<Boolean> next = begin();
      if (!next.isComplete()) {
        next.onComplete(
            result -> {
              if (goesOn(result)) {
                run();
              }
            });
        return;
      }
      more = goesOn(next);
    }
  }

  private Future<Boolean> begin() {
    try {
      return batch.get();
    } catch (RuntimeException | Error failure) { // else whoever waits would wait for ever
      return Future.failedFuture(failure);
    }
  }

  private boolean goesOn(AsyncResult<Boolean> result) {
    if (result.failed()) {
      done.fail(result.cause());
    } else if (!result.result()) {
      done.complete();
    }
    return result.succeeded() && result.result();
  }
}
