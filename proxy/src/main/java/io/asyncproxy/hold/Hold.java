package io.asyncproxy.hold;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.TraceContext;
import io.asyncproxy.loop.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One held request. Used on the event loop that it was made on. */
public final class Hold {
  private final Holds holds;
  private final JobId job;
  private final Promise<HoldEnd> end;
  private @Nullable Deadline deadline;

  private final long madeNanos = System.nanoTime();
  private volatile long sentNanos;
  private volatile long calledBackNanos;
  private @Nullable TraceContext trace;

  /** The next hold on the same job; guarded by the job's entry in the table. */
  @Nullable Hold next;

  Hold(Holds holds, JobId job, Promise<HoldEnd> end) {
    this.holds = holds;
    this.job = job;
    this.end = end;
  }

  JobId job() {
    return job;
  }

  void endsAt(Deadline newDeadline) {
    this.deadline = newDeadline;
  }

  /**
   * What {@code use} makes of its end, which comes on the loop, once at most: after {@link
   * #abandon} only if it had ended. To be called once: a future with two listeners is larger.
   */
  public <T> Future<T> then(Function<HoldEnd, Future<T>> use) {
    return end.future()
        .compose(
            how -> {
              cancelDeadline();
              return use.apply(how);
            });
  }

  /** How it ends. */
  Future<HoldEnd> end() {
    return end.future();
  }

  /** The client has gone: forgets it; false where it had ended before. */
  public boolean leave() {
    return holds.leave(this);
  }

  /** There is nothing to wait for after all: forgets it. */
  public void abandon() {
    holds.remove(this);
    cancelDeadline();
  }

  /** It belongs to {@code newTrace}. */
  public void in(Optional<TraceContext> newTrace) {
    trace = newTrace.orElse(null);
  }

  Optional<TraceContext> trace() {
    return Optional.ofNullable(trace);
  }

  void sent(long nanos) {
    sentNanos = Math.max(nanos, madeNanos);
  }

  void calledBack(long nanos) {
    calledBackNanos = nanos;
  }

  /** What of {@code heldNanos} was not the job server's own time; empty where that is unknown. */
  OptionalLong addedNanos(long heldNanos) {
    return sentNanos == 0 || calledBackNanos == 0
        ? OptionalLong.empty()
        : OptionalLong.of(heldNanos - Math.max(0, calledBackNanos - sentNanos));
  }

  long heldNanos() {
    return System.nanoTime() - madeNanos;
  }

  void complete(HoldEnd how) {
    end.tryComplete(how);
  }

  void timeOut() {
    holds.timeOut(this);
  }

  void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }
}
