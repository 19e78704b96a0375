package io.asyncproxy.store;

import io.asyncproxy.job.JobState;
import java.util.List;

/**
 * The numbers that states have where jobs are kept. They are part of every store's format and never
 * change; unfinished states are those below 3, dead letters those from 6 on.
 */
public final class StateCodes {
  private static final List<JobState> STATES =
      List.of(
          JobState.ACCEPTED,
          JobState.STARTING,
          JobState.RUNNING,
          JobState.COMPLETED,
          JobState.FAILED,
          JobState.CANCELLED,
          JobState.GIVEN_UP,
          JobState.EXPIRED);

  private StateCodes() {}

  /** The number of {@code state}; one digit. */
  public static int of(JobState state) {
    return STATES.indexOf(state);
  }

  /** The state that has the number {@code code}. */
  public static JobState state(int code) {
    return STATES.get(code);
  }
}
