package io.asyncproxy;

import io.asyncproxy.delivery.Deliveries;
import io.asyncproxy.hold.Holds;
import io.asyncproxy.hold.Watches;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.store.ChangeWatcher;
import io.asyncproxy.telemetry.Metrics;
import java.util.Optional;
import java.util.function.Consumer;

/** Who is woken when a job has changed; only changes of this process are counted. */
record Wakes(
    Holds holds,
    Watches watches,
    Consumer<JobId> dispatchers,
    Deliveries deliveries,
    Metrics metrics,
    Consumer<JobId> givenUp)
    implements ChangeWatcher {

  @Override
  public void changed(JobId id, JobState state, Optional<Outcome> outcome) {
    metrics.changed(id, state, outcome);
    if (state.isDeadLetter()) {
      givenUp.accept(id);
    }
    changedElsewhere(id, state, outcome);
  }

  @Override
  public void changedElsewhere(JobId id, JobState state, Optional<Outcome> outcome) {
    holds.changed(id, state, outcome);
    watches.changed(id, state);
    if (state.isDecided()) { // of a dead letter it counts how its attempt ends
      dispatchers.accept(id);
    }
    if (outcome.isPresent()) {
      deliveries.ended(id);
    }
  }
}
