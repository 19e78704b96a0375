package io.asyncproxy.store.embedded;

import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Transition;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The numbers that states have in the database. They are part of the schema: unfinished states are
 * those below 3, which the indexes rely on.
 */
final class StateCode {
  private static final JobState[] STATES = {
    JobState.ACCEPTED,
    JobState.STARTING,
    JobState.RUNNING,
    JobState.COMPLETED,
    JobState.FAILED,
    JobState.CANCELLED,
    JobState.GIVEN_UP,
    JobState.EXPIRED
  };

  private StateCode() {}

  static int of(JobState state) {
    return Arrays.asList(STATES).indexOf(state);
  }

  static JobState state(int code) {
    return STATES[code];
  }

  /** The states of which {@code transition} may leave, as a list in SQL. */
  static String from(Transition transition) {
    return list(transition.from());
  }

  static String list(Collection<JobState> states) {
    return states.stream()
        .map(state -> Integer.toString(of(state)))
        .sorted()
        .collect(Collectors.joining(",", "(", ")"));
  }
}
