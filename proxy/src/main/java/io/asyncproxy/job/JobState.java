package io.asyncproxy.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Where a job is in its life. See {@link Transition} for the legal moves. */
public enum JobState {
  /** Durable; surely not started. */
  ACCEPTED,
  /** An attempt to start it is on its way, and may have arrived. */
  STARTING,
  /** The job server said that it started; its callback is awaited. */
  RUNNING,
  /** Decided: a result came. */
  COMPLETED,
  /** Decided: a result came, whose own state says that the job failed. */
  FAILED,
  /** Decided: cancelled by a client or an operator. */
  CANCELLED,
  /** Given up: refused, answered with nonsense, or attempts used up. Shown as {@code failed}. */
  GIVEN_UP("failed"),
  /** Given up: not started, or no callback, within {@code job.timeout}. */
  EXPIRED;

  private static final Set<JobState> UNFINISHED = Set.of(ACCEPTED, STARTING, RUNNING);

  private final String label;

  JobState() {
    this.label = name().toLowerCase(Locale.ROOT);
  }

  JobState(String label) {
    this.label = label;
  }

  /** The name that clients see. */
  public String label() {
    return label;
  }

  /** Whether nothing is being waited for any more. */
  public boolean isFinished() {
    return !UNFINISHED.contains(this);
  }

  /** Whether this is final: not even a late result changes it. */
  public boolean isDecided() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }

  /** Whether the job is a dead letter: given up, but completed by a result that comes after all. */
  public boolean isDeadLetter() {
    return this == GIVEN_UP || this == EXPIRED;
  }

  /** The states that clients know by {@code label}; empty when there is none. */
  public static Set<JobState> labelled(String label) {
    return Set.copyOf(Arrays.stream(values()).filter(state -> state.label.equals(label)).toList());
  }
}
