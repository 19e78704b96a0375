package io.asyncproxy.store;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Outcome;
import java.util.Optional;

/**
 * Hears of changes once they are durable, on any thread. It only wakes: a call may be lost or late
 * where several nodes share a store, and must not block.
 */
@FunctionalInterface
public interface ChangeWatcher {

  /**
   * A job changed.
   *
   * @param outcome how it ended; empty while it is unfinished
   */
  void changed(JobId id, JobState state, Optional<Outcome> outcome);

  /** The same of a change that another process made, which counts it. */
  default void changedElsewhere(JobId id, JobState state, Optional<Outcome> outcome) {
    changed(id, state, outcome);
  }
}
