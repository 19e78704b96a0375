package io.asyncproxy.job;

import static io.asyncproxy.job.Attempt.NOT_SENT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Change.BackOff;
import io.asyncproxy.job.Change.Cancel;
import io.asyncproxy.job.Change.Expire;
import io.asyncproxy.job.Change.Finish;
import io.asyncproxy.job.Change.GiveUp;
import io.asyncproxy.job.Change.Overdue;
import io.asyncproxy.job.Change.Progressed;
import io.asyncproxy.job.Change.Start;
import io.asyncproxy.job.Change.Started;
import io.asyncproxy.job.Change.Unclear;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A job at one moment of its life. Immutable.
 *
 * @param submission what was asked for
 * @param state where it is
 * @param attempts how many attempts to start it were made, the one on its way included
 * @param wakeAt when it has to be looked at again; for a finished job, when it is forgotten
 * @param startedAt when the attempt was sent that started it, or may have
 * @param finishedAt when it became finished
 * @param jobServerId the job server's name for it
 * @param result what the callback brought
 * @param failure why it was given up
 * @param history the attempts that did not simply succeed, oldest first
 * @param progress the last that was heard of it before its end
 */
public record Job(
    Submission submission,
    JobState state,
    int attempts,
    Instant wakeAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    Optional<String> jobServerId,
    Optional<Result> result,
    Optional<Failure> failure,
    List<Attempt> history,
    Optional<Progress> progress) {

  /** A job that has not been heard of. */
  public Job(
      Submission submission,
      JobState state,
      int attempts,
      Instant wakeAt,
      Optional<Instant> startedAt,
      Optional<Instant> finishedAt,
      Optional<String> jobServerId,
      Optional<Result> result,
      Optional<Failure> failure,
      List<Attempt> history) {
    this(
        submission,
        state,
        attempts,
        wakeAt,
        startedAt,
        finishedAt,
        jobServerId,
        result,
        failure,
        history,
        Optional.empty());
  }

  /** How many attempts a job's history keeps: the last ones. */
  public static final int HISTORY_KEPT = 50;

  /**
   * A job that waits for its first attempt; {@code lease} is when somebody else may take it over.
   */
  public static Job accepted(Submission submission, Instant lease) {
    return fresh(submission, JobState.ACCEPTED, 0, lease, Optional.empty());
  }

  /** A job whose first attempt is sent as soon as this is durable. */
  public static Job starting(Submission submission, Instant lease) {
    return fresh(submission, JobState.STARTING, 1, lease, Optional.of(submission.createdAt()));
  }

  private static Job fresh(
      Submission submission, JobState state, int attempts, Instant wakeAt, Optional<Instant> sent) {
    return new Job(
        submission,
        state,
        attempts,
        wakeAt,
        sent,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** The job's id. */
  public JobId id() {
    return submission.id();
  }

  /** Whether {@code change} may happen to the job as it is. */
  public boolean allows(Change change) {
    return change.transition().from().contains(state)
        && (change.fence().isEmpty() || change.fence().get() == attempts);
  }

  /** The job after {@code change}; empty where the change is not allowed. */
  public Optional<Job> after(Change change) {
    return allows(change) ? Optional.of(changed(change)) : Optional.empty();
  }

  /** Whether an attempt ended without an answer, and was not found out not to have been sent. */
  public boolean mayHaveStarted() {
    return mayHaveStarted(attempts);
  }

  /** The same of the attempts before the one that the job is at. */
  public boolean mayHaveStartedEarlier() {
    return mayHaveStarted(attempts - 1);
  }

  private boolean mayHaveStarted(int last) {
    return history.stream()
        .filter(a -> a.outcome().equals(Attempt.UNCLEAR) && a.number() <= last)
        .anyMatch(a -> !isNoted(a.number(), NOT_SENT));
  }

  /** Whether it is noted that the attempt which the job is at ended without an answer. */
  public boolean isUnclear() {
    return isNoted(attempts, Attempt.UNCLEAR);
  }

  private boolean isNoted(int attempt, String outcome) {
    return history.stream().anyMatch(a -> a.number() == attempt && a.outcome().equals(outcome));
  }

  /** How many attempts were sent, as far as that is known. */
  public int attemptsSent() {
    return attempts
        - (int) history.stream().filter(attempt -> attempt.outcome().equals(NOT_SENT)).count();
  }

  /** Whether its callback was found to be late. */
  public boolean isOverdue() {
    return history.stream().anyMatch(attempt -> attempt.outcome().equals(Attempt.OVERDUE));
  }

  /**
   * Where its result is to be fetched from, once the job server has said that there is one: its
   * last progress names it.
   */
  public Optional<String> resultUrl() {
    boolean done = history.stream().anyMatch(attempt -> attempt.outcome().equals(Attempt.DONE));
    return progress.filter(_ -> done).map(said -> new String(said.body(), UTF_8));
  }

  /** The same job, to be looked at again at {@code lease}. */
  public Job leasedUntil(Instant lease) {
    return new Job(
        submission,
        state,
        attempts,
        lease,
        startedAt,
        finishedAt,
        jobServerId,
        result,
        failure,
        history,
        progress);
  }

  private Job changed(Change change) {
    Next next = new Next(this, change);
    switch (change) {
      case Start start -> {
        next.attempts = start.attempt();
        next.startedAt = Optional.of(start.at());
      }
      case Started started -> next.jobServerId = started.jobServerId();
      case Progressed progressed -> {
        next.progress = Optional.of(progressed.progress());
        next.jobServerId = jobServerId.or(progressed::jobServerId);
      }
      case BackOff backOff -> {
        next.startedAt = Optional.empty();
        next.remember(backOff.ended());
      }
      case Unclear unclear -> next.remember(unclear.ended());
      case Overdue overdue -> next.remember(overdue.noted());
      case GiveUp giveUp -> {
        next.remember(giveUp.ended());
        next.giveUp(giveUp.failure(), giveUp.at());
      }
      case Finish finish -> {
        next.result = Optional.of(finish.result());
        next.jobServerId = jobServerId.or(finish::jobServerId);
        next.failure = Optional.empty();
        next.decide(finish.at());
      }
      case Expire expire -> next.giveUp(expire.failure(), expire.at());
      case Cancel cancel -> next.decide(cancel.at());
    }
    return next.job();
  }

  /** A job being written: what changes, beside what stays. */
  private static final class Next {
    private final Change change;
    private Submission submission;
    private int attempts;
    private Optional<Instant> startedAt;
    private Optional<Instant> finishedAt;
    private Optional<String> jobServerId;
    private Optional<Result> result;
    private Optional<Failure> failure;
    private List<Attempt> history;
    private Optional<Progress> progress;

    Next(Job job, Change change) {
      this.change = change;
      this.submission = job.submission;
      this.attempts = job.attempts;
      this.startedAt = job.startedAt;
      this.finishedAt = job.finishedAt;
      this.jobServerId = job.jobServerId;
      this.result = job.result;
      this.failure = job.failure;
      this.history = job.history;
      this.progress = job.progress;
    }

    void remember(Attempt ended) {
      List<Attempt> longer = new ArrayList<>(history);
      longer.add(ended);
      history =
          List.copyOf(longer.subList(Math.max(0, longer.size() - HISTORY_KEPT), longer.size()));
    }

    void giveUp(Failure why, Instant at) {
      failure = Optional.of(why);
      finishedAt = Optional.of(at);
    }

    /** Decided is final: nobody will send the request again. */
    void decide(Instant at) {
      submission = submission.withoutBody();
      finishedAt = Optional.of(at);
    }

    Job job() {
      return new Job(
          submission,
          change.transition().to(),
          attempts,
          change.wakeAt(),
          startedAt,
          finishedAt,
          jobServerId,
          result,
          failure,
          history,
          progress);
    }
  }
}
