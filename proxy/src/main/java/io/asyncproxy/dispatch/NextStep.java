package io.asyncproxy.dispatch;

import io.asyncproxy.dispatch.StartOutcome.Accepted;
import io.asyncproxy.dispatch.StartOutcome.Busy;
import io.asyncproxy.dispatch.StartOutcome.Finished;
import io.asyncproxy.dispatch.StartOutcome.Invalid;
import io.asyncproxy.dispatch.StartOutcome.Refused;
import io.asyncproxy.dispatch.StartOutcome.Unclear;
import io.asyncproxy.dispatch.StartOutcome.Unreachable;
import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Failure.Reason;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.job.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * What follows from the end of an attempt: pure, so that every case can be tried without a network.
 *
 * @param policy how often and when to try again
 * @param lifetimes how long jobs may take and are kept
 * @param random where jitter comes from
 */
public record NextStep(RetryPolicy policy, Lifetimes lifetimes, RandomGenerator random) {
  private static final int CONFLICT = 409;

  /**
   * What is known of the time to come.
   *
   * @param retryFrom no retry is made before
   * @param overdueAfter when a callback counts as overdue, where that is known
   */
  public record Outlook(Instant retryFrom, Optional<Duration> overdueAfter) {
    /** Nothing is known. */
    public static Outlook clear(Instant now) {
      return new Outlook(now, Optional.empty());
    }
  }

  /** The change that follows when the attempt that {@code job} is at ended with {@code outcome}. */
  public Change after(Job job, StartOutcome outcome, Instant now, Outlook outlook) {
    return switch (outcome) {
      case Accepted(Optional<String> jobServerId) ->
          new Change.Started(job.attempts(), jobServerId, lookAt(job, now, outlook));
      case Finished(Result result) ->
          new Change.Finish(result, now, now.plus(lifetimes.retention()));
      case Refused(int status, String body) -> refused(job, outcome, now, status, body);
      case Invalid(OptionalInt status, String reason, String body) ->
          giveUp(job, outcome, now, nonsense(status, reason, body));
      case Busy(int status, Optional<Duration> retryAfter) ->
          retry(job, outcome, now, wait(now, outlook, retryAfter), busy(status, retryAfter));
      case Unreachable(String reason) ->
          retry(
              job,
              outcome,
              now,
              wait(now, outlook, Optional.empty()),
              new Failure(Reason.UNREACHABLE, reason));
      case Unclear unclear -> afterUnclear(job, unclear, now, wait(now, outlook, Optional.empty()));
    };
  }

  /** Whether {@code change} of {@code job} plans a further attempt. */
  boolean isRetry(Job job, Change change, Instant now) {
    return change instanceof Change.BackOff
        || (change instanceof Change.Unclear unclear
            && unclear.wakeAt().isBefore(lifetimes.callbackBefore(job, now)));
  }

  /** When a running job is looked at again: when its callback is overdue, or its time over. */
  private Instant lookAt(Job job, Instant now, Outlook outlook) {
    Instant end = now.plus(lifetimes.timeout());
    Instant sent = job.startedAt().orElse(now);
    return outlook.overdueAfter().map(late -> earlier(sent.plus(late), end)).orElse(end);
  }

  /**
   * A no to a repeated start does not say that the earlier one was not heard, so that the job is
   * not surely not started; 409 even says that it was, as of a duplicate: its callback may come.
   */
  private Change refused(Job job, StartOutcome outcome, Instant now, int status, String body) {
    if (!job.mayHaveStarted()) {
      return giveUp(job, outcome, now, answered(Reason.REFUSED, status, "said " + status, body));
    }
    String detail = "said " + status + " to a repeated start";
    Failure failure = answered(Reason.INVALID, status, detail, body);
    return status == CONFLICT
        ? stillUnclear(job, now, lifetimes.callbackBefore(job, now), failure)
        : giveUp(job, outcome, now, failure);
  }

  /** How long to wait at least, however short the random pause is. */
  private static Duration wait(Instant now, Outlook outlook, Optional<Duration> retryAfter) {
    Duration ours = Duration.between(now, outlook.retryFrom());
    return retryAfter.filter(theirs -> theirs.compareTo(ours) > 0).orElse(ours);
  }

  private Instant next(Job job, Instant now, Duration atLeast) {
    Duration jittered = policy.pause(Math.max(1, job.attemptsSent()), random);
    return now.plus(atLeast.compareTo(jittered) > 0 ? atLeast : jittered);
  }

  private Change retry(
      Job job, StartOutcome outcome, Instant now, Duration atLeast, Failure failure) {
    Instant next = next(job, now, atLeast);
    if (job.mayHaveStarted()) {
      return stillUnclear(job, now, again(job, now, next), failure);
    }
    if (!isWorthTrying(job, now, next)) {
      return giveUp(job, outcome, now, failure);
    }
    Instant end = lifetimes.startBefore(job.submission());
    return new Change.BackOff(ended(job, outcome, now, failure.detail()), earlier(next, end));
  }

  /** A held client's job is tried so often, and not when its client has gone by then. */
  private boolean isWorthTrying(Job job, Instant now, Instant next) {
    Optional<Instant> heldUntil = job.submission().holdUntil();
    if (heldUntil.isEmpty()) {
      return true;
    }
    boolean goneByThen = now.isBefore(heldUntil.get()) && !next.isBefore(heldUntil.get());
    return job.attemptsSent() < policy.attempts() && !goneByThen;
  }

  private Change afterUnclear(Job job, Unclear unclear, Instant now, Duration atLeast) {
    Instant end = lifetimes.callbackBefore(job, now);
    Instant again = again(job, now, next(job, now, atLeast));
    if (unclear.status().isPresent() && again.equals(end)) {
      int status = unclear.status().getAsInt();
      return giveUp(job, unclear, now, answered(Reason.SERVER_ERROR, status, unclear.reason(), ""));
    }
    return new Change.Unclear(ended(job, unclear, now, unclear.reason()), again);
  }

  /** When a start is repeated that may have been heard; where it is not, when its job ends. */
  private Instant again(Job job, Instant now, Instant next) {
    boolean inTime = next.isBefore(lifetimes.startBefore(job.submission()));
    return policy.idempotent() && inTime && isWorthTrying(job, now, next)
        ? next
        : lifetimes.callbackBefore(job, now);
  }

  /**
   * An earlier attempt may have started the job: it is never again taken for surely not started,
   * and the last of its history always says so.
   */
  private static Change stillUnclear(Job job, Instant now, Instant wakeAt, Failure failure) {
    String detail = failure.detail() + "; an earlier attempt may have started the job";
    return new Change.Unclear(new Attempt(job.attempts(), now, Attempt.UNCLEAR, detail), wakeAt);
  }

  /**
   * What follows where the attempt that {@code job} is at was not even sent, though somebody may
   * have noted meanwhile that it ended without an answer.
   */
  Change notSent(Job job, Instant now) {
    Failure failure = new Failure(Reason.UNREACHABLE, "Not sent: the store did not answer in time");
    return job.mayHaveStartedEarlier()
        ? stillUnclear(job, now, now, failure)
        : new Change.BackOff(
            new Attempt(job.attempts(), now, Attempt.NOT_SENT, failure.detail()), now);
  }

  private Change giveUp(Job job, StartOutcome outcome, Instant now, Failure failure) {
    Attempt ended = ended(job, outcome, now, failure.detail());
    return new Change.GiveUp(ended, failure, now, now.plus(lifetimes.deadLetterRetention()));
  }

  private static Attempt ended(Job job, StartOutcome outcome, Instant now, String detail) {
    return new Attempt(job.attempts(), now, outcome.label(), detail);
  }

  private static Failure answered(Reason reason, int status, String detail, String body) {
    return new Failure(
        reason,
        OptionalInt.of(status),
        OptionalInt.empty(),
        "The job server " + detail,
        body.isEmpty() ? Optional.empty() : Optional.of(body));
  }

  private static Failure nonsense(OptionalInt status, String reason, String body) {
    Optional<String> payload = body.isEmpty() ? Optional.empty() : Optional.of(body);
    return new Failure(Reason.INVALID, status, OptionalInt.empty(), reason, payload);
  }

  private static Failure busy(int status, Optional<Duration> retryAfter) {
    OptionalInt seconds =
        retryAfter.isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of((int) Math.min(86_400, retryAfter.get().toSeconds()));
    String detail = "The job server is busy: it said " + status;
    return new Failure(Reason.BUSY, OptionalInt.of(status), seconds, detail, Optional.empty());
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
