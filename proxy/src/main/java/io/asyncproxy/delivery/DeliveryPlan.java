package io.asyncproxy.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a delivery is tried again: full jitter (AWS Architecture Blog, "Exponential Backoff And
 * Jitter") on a pause that doubles from 5 s to an hour, for a day, and for as long as there is
 * something to deliver. What nobody could try, as no proxy ran, is tried for an hour at least.
 *
 * @param lasts how long it is tried
 * @param since when this process began to
 * @param jitter picks the pause
 */
record DeliveryPlan(Duration lasts, Instant since, RandomGenerator jitter) {
  private static final Duration BASE = Duration.ofSeconds(5);
  private static final Duration CAP = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration AT_LEAST = Duration.ofHours(1);

  /** A plan for results that are kept for {@code retention}. */
  static DeliveryPlan of(Duration retention, Instant since, RandomGenerator jitter) {
    return new DeliveryPlan(shorter(retention, DAY), since, jitter);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Whether it is not tried any more at {@code time}. */
  boolean isOver(Instant ended, Instant time) {
    return !time.isBefore(ended.plus(lasts))
        && !time.isBefore(since.plus(shorter(lasts, AT_LEAST)));
  }

  /**
   * The time of the next attempt; empty where there is none.
   *
   * @param attempts how many there were
   * @param ended when the job ended
   * @param asked how long whom it goes to wants to be spared
   */
  Optional<Instant> next(int attempts, Instant ended, Instant now, Optional<Duration> asked) {
    long bound =
        Math.min(CAP.toMillis(), BASE.toMillis() << Math.min(Math.max(0, attempts - 1), 20));
    long pause = Math.max(BASE.toMillis() / 5, jitter.nextLong(bound + 1));
    long floor = Math.min(asked.orElse(Duration.ZERO).toMillis(), CAP.toMillis());
    Instant next = now.plusMillis(Math.max(pause, floor));
    return isOver(ended, next) ? Optional.empty() : Optional.of(next);
  }
}
