package io.asyncproxy.dispatch;

import io.asyncproxy.dispatch.StartOutcome.Busy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which job may be started now: whose turn it is ({@link FairQueue}), how fast ({@link Pace}), and
 * whether at all ({@link Breaker}). Learns from how attempts end. Knows no clock, thread or
 * network: times are nanoseconds of any monotonic clock. Not thread-safe.
 *
 * @param <T> what waits
 */
final class StartGate<T> {
  /** How many jobs wait at most; more are not taken. */
  static final int MOST_WAITING = 100_000;

  /** A {@code Retry-After} stops its account for so long at most. */
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  /** Its account goes on at once, as far as the pace allows. */
  private static final Duration NO_PAUSE = Duration.ZERO;

  /** Permission for one attempt; ends with {@link #ended} or {@link #notMade}. */
  record Permit(String account, int period) {}

  /** Something whose turn it is. */
  record Turn<T>(T item, Permit permit) {}

  private final FairQueue<T> queue;
  private final Pace pace = new Pace();
  private final Breaker breaker;
  private final RetryBudget retries = new RetryBudget();

  StartGate(int connections, int connectionsPerAccount, BreakerSettings breaker) {
    this.queue = new FairQueue<>(connections, connectionsPerAccount);
    this.breaker = new Breaker(breaker);
  }

  /** Permission to start a job of {@code account} at once, if that overtakes nobody. */
  Optional<Permit> tryAcquire(String account, long now) {
    return breaker.allows(now) && pace.allows(now) && queue.tryAcquire(account)
        ? Optional.of(permit(account, now))
        : Optional.empty();
  }

  private Permit permit(String account, long now) {
    pace.start(now);
    return new Permit(account, breaker.begin());
  }

  /** Queues {@code item} behind its account's others. */
  void add(String account, T item) {
    queue.add(account, item);
  }

  /** The next item whose turn it is; {@code accountOf} tells whose it is. */
  Optional<Turn<T>> next(java.util.function.Function<T, String> accountOf, long now) {
    if (queue.waiting() == 0 || !breaker.allows(now) || !pace.allows(now)) {
      return Optional.empty();
    }
    return queue.next().map(item -> new Turn<>(item, permit(accountOf.apply(item), now)));
  }

  /** An attempt is sent for the first time. */
  void firstAttempt(long now) {
    retries.started(now);
  }

  /** The attempt was not made. */
  void notMade(Permit permit) {
    breaker.notMade(permit.period());
    queue.release(permit.account());
  }

  /**
   * The attempt ended.
   *
   * @return how long its account is paused from now on; 0 where it is not
   */
  Duration ended(Permit permit, StartOutcome outcome, long now) {
    breaker.ended(permit.period(), outcome.isFailure(), now);
    Duration pause = NO_PAUSE;
    switch (outcome) {
      case Busy(int _, Optional<Duration> retryAfter) -> {
        pause = shorter(retryAfter.orElse(NO_PAUSE), LONGEST_PAUSE);
        pace.busy(permit.account(), pause, now);
        boolean longer = !pause.isZero() && queue.pause(permit.account(), now + pause.toNanos());
        pause = longer ? pause : NO_PAUSE;
      }
      case StartOutcome.Accepted _, StartOutcome.Finished _ -> pace.accepted(now);
      case StartOutcome.Refused _,
          StartOutcome.Invalid _,
          StartOutcome.Unclear _,
          StartOutcome.Unreachable _ -> {}
    }
    queue.release(permit.account());
    return pause;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** The pause of {@code account} is over. */
  void resume(String account, long now) {
    queue.resume(account, now);
  }

  /** How long until {@link #next} may have something although it has nothing now. */
  long opensIn(long now) {
    return Math.max(breaker.opensIn(now), pace.opensIn(now));
  }

  /** How long a retry that is planned now has to wait, whatever else makes it wait. */
  long retryIn(long now) {
    return Math.max(retries.freeIn(now), opensIn(now));
  }

  /** A retry is planned. */
  void retryPlanned(long now) {
    retries.take(now);
  }

  /**
   * Why a new job is not taken; empty where it is.
   *
   * @param held whether a client is held for it, who is better told at once
   * @param patience how long it may wait for its start
   */
  Optional<Refusal> refusal(String account, boolean held, Duration patience, long now) {
    if (queue.waiting() >= MOST_WAITING) {
      return Optional.of(Refusal.queueFull());
    }
    if (held && !breaker.allows(now)) {
      return Optional.of(Refusal.breakerOpen(Duration.ofNanos(breaker.opensIn(now))));
    }
    long wait = Math.max(queue.pausedFor(account, now), expectedWait(account, now));
    return wait > patience.toNanos()
        ? Optional.of(Refusal.tooBusy(Duration.ofNanos(wait - patience.toNanos())))
        : Optional.empty();
  }

  /** How long a new job of {@code account} waits at the present pace; 0 where nothing limits it. */
  private long expectedWait(String account, long now) {
    double perSecond = pace.limit();
    return pace.opensIn(now)
        + (Double.isInfinite(perSecond) ? 0 : (long) (queue.ahead(account) * 1e9 / perSecond));
  }

  List<Map.Entry<String, Integer>> busiest(int most) {
    return queue.busiest(most);
  }

  int waiting() {
    return queue.waiting();
  }

  double pace() {
    return pace.limit();
  }

  Breaker.State circuit() {
    return breaker.state();
  }
}
