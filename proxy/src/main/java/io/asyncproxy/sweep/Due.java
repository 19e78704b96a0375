package io.asyncproxy.sweep;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Failure.Reason;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.Lifetimes;
import java.time.Instant;

/** What is to be done with a job whose time has come: pure. */
sealed interface Due {

  /** Make an attempt to start it. */
  record Start() implements Due {}

  /** Write a change. */
  record Write(Change change) implements Due {}

  /** Its callback is late: look after it. */
  record Overdue() implements Due {}

  /** Nothing yet: it was looked at too early. */
  record Nothing() implements Due {}

  /**
   * Decides.
   *
   * @param idempotent whether the job server may be asked twice for the same job
   */
  static Due of(Job job, Instant now, Lifetimes lifetimes, boolean idempotent) {
    boolean over = !now.isBefore(lifetimes.end(job, now));
    return switch (job.state()) {
      case ACCEPTED -> over ? expire(job, Reason.NOT_STARTED, now, lifetimes) : new Start();
      case STARTING ->
          over
              ? expire(job, Reason.UNCLEAR, now, lifetimes)
              : starting(job, now, lifetimes, idempotent);
      case RUNNING -> over ? expire(job, Reason.NO_CALLBACK, now, lifetimes) : new Overdue();
      case COMPLETED, FAILED, CANCELLED, GIVEN_UP, EXPIRED -> new Nothing();
    };
  }

  /** That an attempt may have been heard is noted before another one is made. */
  private static Due starting(Job job, Instant now, Lifetimes lifetimes, boolean idempotent) {
    boolean again = idempotent && now.isBefore(lifetimes.startBefore(job.submission()));
    if (again && job.isUnclear()) {
      return new Start();
    }
    return new Write(lost(job, now, again ? now : lifetimes.callbackBefore(job, now)));
  }

  private static Due expire(Job job, Reason reason, Instant now, Lifetimes lifetimes) {
    String detail =
        switch (reason) {
          case NOT_STARTED -> "The job could not be started in time";
          case UNCLEAR -> "An attempt ended without an answer, and no callback came in time";
          default -> "No callback came in time";
        };
    Failure failure = new Failure(reason, detail);
    Instant forgotten = now.plus(lifetimes.deadLetterRetention());
    return new Write(new Change.Expire(job.attempts(), failure, now, forgotten));
  }

  /** Nobody lived to see how the attempt ended: it may have arrived. */
  private static Change lost(Job job, Instant now, Instant wakeAt) {
    String detail = "The proxy stopped before it knew how the attempt ended";
    Attempt ended = new Attempt(job.attempts(), now, Attempt.UNCLEAR, detail);
    return new Change.Unclear(ended, wakeAt);
  }
}
