package io.asyncproxy.hold;

import io.asyncproxy.job.JobId;
import io.asyncproxy.loop.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** One held request. Used on the event loop that it was made on. */
public final class Hold {
  private final Holds holds;
  private final JobId job;
  private final Promise<HoldEnd> end;
  private @Nullable Deadline deadline;

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
   * How it ends; completes on the loop, once at most: after {@link #abandon} only if it had ended.
   */
  public Future<HoldEnd> end() {
    return end.future();
  }

  /** Nobody waits any more: forgets it. */
  public void abandon() {
    holds.remove(this);
    cancelDeadline();
  }

  void complete(HoldEnd how) {
    end.tryComplete(how);
  }

  void timeOut() {
    if (holds.remove(this)) {
      complete(new HoldEnd.TimedOut());
    }
  }

  void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }
}
