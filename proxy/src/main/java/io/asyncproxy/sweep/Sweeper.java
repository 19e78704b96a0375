package io.asyncproxy.sweep;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.loop.Batches;
import io.asyncproxy.loop.Deadline;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.store.Claim;
import io.asyncproxy.store.JobStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one mechanism behind retries, recovery after a crash, expiry and clean-up: it takes from the
 * store what is due, in batches, and acts. Whatever else fails, it comes by again.
 *
 * <p>Lives on one event loop; {@link #lookAt} may be called from anywhere.
 */
public final class Sweeper {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final Duration CLAIM = Duration.ofSeconds(30);
  private static final int BATCH = 100; // whole jobs, with what clients sent

  /** Announced times are rounded up to this, and so many are remembered; a round sees the rest. */
  private static final long LOOK_MILLIS = 10;

  private static final int MOST_LOOKS = 10_000;
  private static final int PURGE_BATCH = 100;
  private static final int UNHURRIED_BATCHES = 200;

  /**
   * What the sweeper works with.
   *
   * @param store where the jobs are
   * @param clock the time that is stored
   * @param terms what each job is dealt with by
   * @param start makes an attempt to start a job
   * @param overdue looks after a running job whose callback is late
   * @param chores what else has to be done again and again
   */
  public record Surroundings(
      JobStore store,
      InstantSource clock,
      Function<Job, Terms> terms,
      Consumer<Job> start,
      Consumer<Job> overdue,
      List<Supplier<Future<?>>> chores) {}

  /**
   * What a job is dealt with by.
   *
   * @param lifetimes how long it may take and is kept
   * @param idempotent whether its job server may be asked twice for it
   * @param known whether it can be dealt with here; else it only expires
   */
  public record Terms(Lifetimes lifetimes, boolean idempotent, boolean known) {}

  private final Surroundings around;
  private final EventLoop loop;
  private Instant next = Instant.MAX;
  private final TreeSet<Long> looks = new TreeSet<>();
  private @Nullable Deadline armed;
  private boolean sweeping;
  private boolean purging;
  private boolean choring;
  private boolean stopped;

  /** A sweeper on {@code loop}. */
  public Sweeper(EventLoop loop, Surroundings around) {
    this.loop = loop;
    this.around = around;
  }

  /** Begins: at once, and then again every second at least. */
  public void start() {
    loop.execute(() -> plan(around.clock().instant()));
  }

  /** Something is due at {@code time}. */
  public void lookAt(Instant time) {
    loop.execute(() -> plan(time));
  }

  /** No further round begins. */
  public void close() {
    loop.execute(() -> stopped = true);
  }

  private void plan(Instant time) {
    if (stopped) {
      return;
    }
    if (time.isBefore(next)) {
      next = time;
      arm();
    } else if (looks.size() < MOST_LOOKS) {
      looks.add(Math.ceilDiv(time.toEpochMilli(), LOOK_MILLIS) * LOOK_MILLIS);
    }
  }

  /** When something is due that was announced for after this round; in a second at least. */
  private Instant nextLook(Instant now) {
    looks.headSet(now.toEpochMilli(), true).clear();
    Instant round = now.plus(ROUND);
    return looks.isEmpty() ? round : earlier(Instant.ofEpochMilli(looks.first()), round);
  }

  /**
   * The wall clock may be set meanwhile, so a round is never planned for later than in a second.
   */
  private void arm() {
    if (armed != null) {
      armed.cancel();
    }
    long millis = Duration.between(around.clock().instant(), next).toMillis() + 1;
    Duration wait = Duration.ofMillis(Math.clamp(millis, 1, ROUND.toMillis()));
    armed = loop.deadlines().in(wait, this::round);
  }

  private void round() {
    if (sweeping || stopped) {
      return;
    }
    Instant now = around.clock().instant();
    boolean wasSetBack = next.isAfter(now.plus(ROUND));
    if (now.isBefore(next) && !wasSetBack) {
      arm();
      return;
    }
    sweeping = true;
    next = Instant.MAX;
    sweep()
        .onComplete(
            _ -> {
              sweeping = false;
              next = earlier(next, nextLook(around.clock().instant()));
              arm();
            });
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /** One round: everything that is due now; completes when it was acted on, and never fails. */
  Future<Void> sweep() {
    return Future.<Void>succeededFuture()
        .compose(_ -> Batches.whileMore(this::claim))
        .onSuccess(_ -> startPurge())
        .onSuccess(_ -> startChores())
        .otherwise(
            failure -> {
              LOG.warn("A sweep failed: {}; the next one is in a second", failure.getMessage());
              return null;
            });
  }

  /** One batch of what is due; whether there may be more. */
  private Future<Boolean> claim() {
    Instant now = around.clock().instant();
    return around
        .store()
        .claimDue(
            new Claim(now, now.plus(CLAIM), job -> around.terms().apply(job).lifetimes()), BATCH)
        .compose(
            jobs -> {
              List<Future<?>> written = jobs.stream().<Future<?>>map(job -> act(job, now)).toList();
              return Future.join(written).otherwiseEmpty().map(_ -> !jobs.isEmpty());
            });
  }

  private Future<?> act(Job job, Instant now) {
    Terms terms = around.terms().apply(job);
    Due due = Due.of(job, now, terms.lifetimes(), terms.idempotent());
    if (!terms.known() && !(due instanceof Due.Write(Change.Expire _))) {
      return Future.succeededFuture();
    }
    return switch (due) {
      case Due.Start _ -> {
        around.start().accept(job);
        yield Future.succeededFuture();
      }
      case Due.Overdue _ -> {
        around.overdue().accept(job);
        yield Future.succeededFuture();
      }
      case Due.Write(var change) -> around.store().apply(job.id(), change);
      case Due.Nothing _ -> Future.succeededFuture();
    };
  }

  /** Beside further rounds, as a purge, and no oftener than a round by itself would be. */
  private void startChores() {
    if (choring) {
      return;
    }
    choring = true;
    List<Future<?>> done = around.chores().stream().<Future<?>>map(Sweeper::begin).toList();
    Future.join(done)
        .onFailure(
            failure -> LOG.warn("A chore failed: {}; it is tried again soon", failure.getMessage()))
        .onComplete(_ -> loop.deadlines().in(ROUND, () -> choring = false));
  }

  private static Future<?> begin(Supplier<Future<?>> chore) {
    return Future.succeededFuture().compose(_ -> chore.get()); // one that throws has failed
  }

  /** A purge goes on beside further rounds, which bring retries and must not wait for it. */
  private void startPurge() {
    if (!purging) {
      purging = true;
      purge(0);
    }
  }

  /**
   * In small batches with pauses several times as long, so that live jobs hardly notice. Each batch
   * stands by itself: a purge may take hours, and futures composed of all of its batches would end
   * one within the other, deeper than the stack.
   */
  private void purge(int batches) {
    long beganNanos = System.nanoTime();
    Future.succeededFuture()
        .compose(_ -> around.store().purge(around.clock().instant(), PURGE_BATCH))
        .onComplete(
            purged -> {
              if (purged < PURGE_BATCH || stopped) {
                purging = false;
              } else {
                Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
                rest(took.multipliedBy(rests(batches)), () -> purge(batches + 1));
              }
            },
            failure -> {
              LOG.warn("A purge failed: {}; it goes on soon", failure.getMessage());
              purging = false;
            });
  }

  /**
   * How many times as long as a batch a purge rests after it: long, so that nobody feels it, until
   * it is seen not to catch up, as where more jobs end in a second than go in one.
   */
  static int rests(int batches) {
    return batches < UNHURRIED_BATCHES ? 3 : 1;
  }

  private void rest(Duration time, Runnable then) {
    Duration rounded = Duration.ofMillis(Math.clamp(time.toMillis(), 1, ROUND.toMillis()));
    loop.deadlines().in(rounded, then);
  }
}
