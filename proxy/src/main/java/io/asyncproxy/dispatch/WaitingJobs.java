package io.asyncproxy.dispatch;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which jobs wait in memory: each once, so many at most, and not too much of them. Not safe. */
final class WaitingJobs {
  /** Jobs beyond this wait without their bodies, which are read when their turn comes. */
  private static final long MOST_BODY_BYTES = 32L << 20;

  private final Set<JobId> ids = new HashSet<>();
  private long bytes;

  /** The entry of {@code job}; empty where it waits already, or too many do. */
  Optional<Waiting> admit(Job job, Lane lane) {
    if (ids.size() >= StartGate.MOST_WAITING || !ids.add(job.id())) {
      return Optional.empty();
    }
    boolean whole = bytes + job.submission().body().length <= MOST_BODY_BYTES;
    Waiting entry =
        new Waiting(
            job.id(),
            job.submission().account(),
            whole ? Optional.of(job) : Optional.empty(),
            lane);
    bytes += entry.bytes();
    return Optional.of(entry);
  }

  /** Those that wait. */
  List<JobId> ids() {
    return List.copyOf(ids);
  }

  /** {@code entry} waits no more. */
  void leave(Waiting entry) {
    ids.remove(entry.id());
    bytes -= entry.bytes();
  }
}
