package io.asyncproxy.dispatch;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.loop.Batches;
import io.asyncproxy.store.JobStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attempts that were not sent because the store did not say that their beginning is durable,
 * although it may be: without a word more they would count as sent, and their jobs would wait for
 * callbacks that can't come. That they were not sent is written as soon as the store answers again.
 * Thread-safe.
 */
final class UnsentAttempts {
  private static final Logger LOG = LoggerFactory.getLogger(UnsentAttempts.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int BATCH = 100;

  /** More are not remembered: their leases end, and their callbacks are awaited in vain. */
  static final int MOST = 10_000;

  /** So long a beginning may still come to be, as the store gets to it after later commands. */
  static final Duration LATE = Duration.ofSeconds(10);

  private record Unsent(Job job, long sinceNanos) {
    boolean isBegunIn(Job current) {
      return current.state() == JobState.STARTING
          && current.attempts() == job.attempts()
          && millis(current).equals(millis(job));
    }

    boolean isOvertakenBy(Job current) {
      return current.state().isFinished() || current.attempts() >= job.attempts();
    }

    boolean isOld() {
      return System.nanoTime() - sinceNanos >= LATE.toNanos();
    }

    private static Optional<Long> millis(Job job) {
      return job.startedAt().map(Instant::toEpochMilli);
    }
  }

  private final JobStore store;
  private final Function<Job, Change> change;
  private final BiConsumer<Duration, Runnable> later;
  private final Runnable due;
  private final Map<JobId, Unsent> unsent = new ConcurrentHashMap<>();
  private final AtomicBoolean planned = new AtomicBoolean();

  /**
   * None yet.
   *
   * @param change what is written of a job whose attempt was not sent
   * @param later runs something after a while
   * @param due told where one of them can be started again
   */
  UnsentAttempts(
      JobStore store,
      Function<Job, Change> change,
      BiConsumer<Duration, Runnable> later,
      Runnable due) {
    this.store = store;
    this.change = change;
    this.later = later;
    this.due = due;
  }

  /** The attempt that {@code job} is at was not sent, and may be in the store. */
  void add(Job job) {
    if (unsent.size() < MOST) {
      unsent.put(job.id(), new Unsent(job, System.nanoTime()));
      plan();
    } else {
      LOG.warn("Job {} may wait for a callback that can't come: too many like it", job.id());
    }
  }

  private void plan() {
    if (planned.compareAndSet(false, true)) {
      later.accept(PAUSE, this::round);
    }
  }

  /** Until the first that the store does not answer, all of them. */
  private void round() {
    Iterator<Unsent> all = List.copyOf(unsent.values()).iterator();
    Batches.whileMore(() -> batch(all))
        .onComplete(
            _ -> {
              planned.set(false);
              if (!unsent.isEmpty()) {
                plan();
              }
            });
  }

  private Future<Boolean> batch(Iterator<Unsent> all) {
    List<Future<?>> written = new ArrayList<>(BATCH);
    while (all.hasNext() && written.size() < BATCH) {
      written.add(write(all.next()));
    }
    return Future.join(written).map(_ -> all.hasNext());
  }

  /** Read first: somebody else may have begun an attempt of the same number, and sent it. */
  private Future<?> write(Unsent one) {
    return store.find(one.job().id()).compose(found -> write(one, found));
  }

  private Future<?> write(Unsent one, Optional<Job> found) {
    Optional<Job> begun = found.filter(one::isBegunIn);
    if (begun.isPresent()) {
      return store
          .apply(one.job().id(), change.apply(begun.get()))
          .onSuccess(
              _ -> {
                unsent.remove(one.job().id(), one);
                due.run();
              });
    }
    if (one.isOld() || found.filter(one::isOvertakenBy).isPresent()) {
      unsent.remove(one.job().id(), one);
    }
    return Future.succeededFuture();
  }

  /** How many there are. */
  int size() {
    return unsent.size();
  }
}
