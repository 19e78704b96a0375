package io.asyncproxy;

import io.asyncproxy.hold.Holds;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The waits of an orderly stop: each ends early when there is nothing left to wait for. */
final class Drain {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** What has ended, or was taken in, is written within this, if it can be. */
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(2);

  private static final Duration FLUSH = Duration.ofMillis(50);
  private static final long LOOK_MILLIS = 10;

  private final Vertx vertx;
  private final Holds holds;

  Drain(Vertx vertx, Holds holds) {
    this.vertx = vertx;
    this.holds = holds;
  }

  /** Held requests finish; who can't within 30 s is told where to ask later. */
  Future<Void> holds() {
    if (holds.count() == 0) {
      return Future.succeededFuture();
    }
    return until(() -> holds.count() == 0, LONGEST)
        .compose(
            _ -> {
              holds.drain();
              return vertx.timer(FLUSH.toMillis()).mapEmpty(); // so that the last answers are sent
            });
  }

  /** Attempts on their way end, so that none is left unclear. */
  Future<Void> attempts(List<Backend> backends) {
    Duration longest =
        backends.stream().map(Backend::longestAttempt).max(Duration::compareTo).orElseThrow();
    return until(
        () ->
            backends.stream().allMatch(backend -> backend.dispatcher().attempts().underWay() == 0),
        longest.plus(SETTLED_WITHIN));
  }

  /** Callbacks that came before their start responses are taken in, so that none is left over. */
  Future<Void> earlyCallbacks(CallbackSide callbacks) {
    return until(() -> callbacks.underWay() == 0, SETTLED_WITHIN);
  }

  private Future<Void> until(BooleanSupplier done, Duration longest) {
    Promise<Void> promise = Promise.promise();
    look(done, System.nanoTime() + longest.toNanos(), promise);
    return promise.future();
  }

  private void look(BooleanSupplier done, long deadlineNanos, Promise<Void> promise) {
    if (done.getAsBoolean() || System.nanoTime() - deadlineNanos >= 0) {
      promise.complete();
    } else {
      vertx.setTimer(LOOK_MILLIS, _ -> look(done, deadlineNanos, promise));
    }
  }
}
