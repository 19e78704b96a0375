package io.asyncproxy.hold;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.store.JobStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where several processes share a store: looks again at the jobs that are held for here, in case
 * the message that one has ended was lost. That costs its client two seconds, never its answer. Of
 * one event loop.
 */
public final class HeldCheck {
  private static final Logger LOG = LoggerFactory.getLogger(HeldCheck.class);
  private static final Duration PAUSE = Duration.ofMillis(1_500);
  private static final int BATCH = 500;

  private final EventLoop loop;
  private final JobStore store;
  private final Holds holds;
  private final Watches watches;
  private boolean stopped;

  /** A check on {@code loop}. */
  public HeldCheck(EventLoop loop, JobStore store, Holds holds, Watches watches) {
    this.loop = loop;
    this.store = store;
    this.holds = holds;
    this.watches = watches;
  }

  /** Begins. */
  public void start() {
    loop.execute(this::again);
  }

  /** Ends. */
  public void close() {
    loop.execute(() -> stopped = true);
  }

  private void again() {
    if (!stopped) {
      loop.deadlines().in(PAUSE, () -> look().onComplete(_ -> again()));
    }
  }

  private Future<Void> look() {
    watches.lookAll();
    return look(holds.jobs(), 0)
        .onFailure(failure -> LOG.debug("Held jobs can't be looked at: {}", failure.getMessage()));
  }

  private Future<Void> look(List<JobId> jobs, int from) {
    if (from >= jobs.size()) {
      return Future.succeededFuture();
    }
    int to = Math.min(from + BATCH, jobs.size());
    return store
        .finished(jobs.subList(from, to))
        .compose(
            finished -> Future.join(finished.stream().map(this::end).toList()).otherwiseEmpty())
        .compose(_ -> look(jobs, to));
  }

  private Future<Void> end(JobId id) {
    return store
        .find(id)
        .map(
            found -> {
              found.flatMap(Outcome::of).ifPresent(outcome -> holds.ended(id, outcome));
              return null;
            });
  }
}
