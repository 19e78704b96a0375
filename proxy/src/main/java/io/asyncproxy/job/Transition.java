package io.asyncproxy.job;

import static io.asyncproxy.job.JobState.ACCEPTED;
import static io.asyncproxy.job.JobState.CANCELLED;
import static io.asyncproxy.job.JobState.COMPLETED;
import static io.asyncproxy.job.JobState.EXPIRED;
import static io.asyncproxy.job.JobState.FAILED;
import static io.asyncproxy.job.JobState.GIVEN_UP;
import static io.asyncproxy.job.JobState.RUNNING;
import static io.asyncproxy.job.JobState.STARTING;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The legal moves of a job: this table is the only place that says which state may follow which.
 * {@code docs/state-machine.md} draws it, and a test compares the two.
 */
public enum Transition {
  /** An attempt is about to be sent. */
  START(STARTING, ACCEPTED, STARTING),
  /** The job server said that the job runs. */
  STARTED(RUNNING, STARTING),
  /** The job server says how far the job is. */
  PROGRESS(RUNNING, STARTING, RUNNING),
  /** The attempt surely did not start the job: again later. */
  BACK_OFF(ACCEPTED, STARTING),
  /** The attempt may have started the job: its callback is awaited. */
  UNCLEAR(STARTING, STARTING),
  /** The callback is late: noted, and looked at again later. */
  OVERDUE(RUNNING, RUNNING),
  /** No further attempt is worth making. */
  GIVE_UP(GIVEN_UP, ACCEPTED, STARTING),
  /** A result came. */
  COMPLETE(COMPLETED, ACCEPTED, STARTING, RUNNING, GIVEN_UP, EXPIRED),
  /** A result came that says the job failed. */
  FAIL(FAILED, ACCEPTED, STARTING, RUNNING, GIVEN_UP, EXPIRED),
  /** Nothing came in time. */
  EXPIRE(EXPIRED, ACCEPTED, STARTING, RUNNING),
  /** A client or an operator called it off. */
  CANCEL(CANCELLED, ACCEPTED, STARTING, RUNNING);

  private final JobState to;

  @SuppressWarnings("ImmutableEnumChecker") // it is wrapped, and nobody has what is inside
  private final Set<JobState> from;

  Transition(JobState to, JobState... from) {
    this.to = to;
    EnumSet<JobState> states = EnumSet.noneOf(JobState.class);
    Collections.addAll(states, from);
    this.from = Collections.unmodifiableSet(states);
  }

  /** The state that the job is in afterwards. */
  public JobState to() {
    return to;
  }

  /** The states that it may happen in. */
  public Set<JobState> from() {
    return from;
  }
}
