package io.asyncproxy.store.embedded;

import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Transition;
import io.asyncproxy.store.StateCodes;
import java.util.Collection;
import java.util.stream.Collectors;

/** Lists of states in SQL, by the numbers that {@link StateCodes} gives them. */
final class StateLists {
  private StateLists() {}

  /** The states of which {@code transition} may leave, as a list in SQL. */
  static String from(Transition transition) {
    return list(transition.from());
  }

  static String list(Collection<JobState> states) {
    return states.stream()
        .map(state -> Integer.toString(StateCodes.of(state)))
        .sorted()
        .collect(Collectors.joining(",", "(", ")"));
  }
}
