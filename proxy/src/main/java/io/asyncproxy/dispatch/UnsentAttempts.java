package io.asyncproxy.dispatch;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.loop.Batches;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.StoreUnavailableException;
import io.asyncproxy.store.Verdict;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** What tells an attempt from others; not the job, whose request may be large. */
  private static final class Unsent {
    private final JobId job;
    private final int attempt;
    private final Optional<Long> begunMillis;

    /** When the store first answered that it has not begun. */
    private volatile OptionalLong missingSinceNanos = OptionalLong.empty();

    Unsent(Job job) {
      this.job = job.id();
      this.attempt = job.attempts();
      this.begunMillis = millis(job);
    }

    boolean isBegunIn(Job current) {
      return current.state() == JobState.STARTING
          && current.attempts() == attempt
          && millis(current).equals(begunMillis);
    }

    boolean isOvertakenBy(Job current) {
      return current.state().isFinished() || current.attempts() >= attempt;
    }

    boolean isMissingForLong() {
      long now = System.nanoTime();
      if (missingSinceNanos.isEmpty()) {
        missingSinceNanos = OptionalLong.of(now);
      }
      return now - missingSinceNanos.getAsLong() >= LATE.toNanos();
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

  /** Those that there was no room for, since that was last said. */
  private final AtomicInteger left = new AtomicInteger();

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
      unsent.put(job.id(), new Unsent(job));
    } else {
      left.incrementAndGet();
    }
    plan();
  }

  private void plan() {
    if (planned.compareAndSet(false, true)) {
      later.accept(PAUSE, this::round);
    }
  }

  /** All of them, or until the store does not answer at all. */
  private void round() {
    int tooMany = left.getAndSet(0);
    if (tooMany > 0) {
      LOG.warn("{} attempts were not sent, and their jobs may wait for callbacks in vain", tooMany);
    }
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
    List<Future<Boolean>> answered = new ArrayList<>(BATCH);
    while (all.hasNext() && answered.size() < BATCH) {
      answered.add(isAnswered(all.next()));
    }
    return Future.all(answered)
        .map(_ -> all.hasNext() && answered.stream().anyMatch(Future::result));
  }

  private Future<Boolean> isAnswered(Unsent one) {
    return write(one)
        .map(true)
        .recover(
            failure -> {
              if (failure instanceof StoreUnavailableException) {
                return Future.succeededFuture(false);
              }
              LOG.warn("Job {}: {}", one.job, failure.getMessage());
              unsent.remove(one.job, one);
              return Future.succeededFuture(true);
            });
  }

  /** Read first: somebody else may have begun an attempt of the same number, and sent it. */
  private Future<?> write(Unsent one) {
    return store.find(one.job).compose(found -> write(one, found));
  }

  private Future<?> write(Unsent one, Optional<Job> found) {
    Optional<Job> begun = found.filter(one::isBegunIn);
    if (begun.isPresent()) {
      return store
          .apply(one.job, change.apply(begun.get()))
          .onSuccess(
              verdict -> {
                if (!(verdict instanceof Verdict.Refused(Job now) && one.isBegunIn(now))) {
                  unsent.remove(one.job, one);
                }
                due.run();
              });
    }
    if (found.filter(one::isOvertakenBy).isPresent() || one.isMissingForLong()) {
      unsent.remove(one.job, one);
    }
    return Future.succeededFuture();
  }

  /** How many there are. */
  int size() {
    return unsent.size();
  }
}
