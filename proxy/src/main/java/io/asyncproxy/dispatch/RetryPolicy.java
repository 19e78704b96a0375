package io.asyncproxy.dispatch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a failed start is tried again: exponential backoff with full jitter, {@code rand(0, min(cap,
 * base * 2^n))} (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 *
 * @param attempts how many attempts there are for a job that a client is held for
 * @param base the upper bound of the first pause
 * @param cap the upper bound of every pause
 * @param idempotent whether the job server may be asked twice for the same job
 */
public record RetryPolicy(int attempts, Duration base, Duration cap, boolean idempotent) {

  /** Checks that they fit together. */
  public RetryPolicy {
    if (cap.compareTo(base) < 0) {
      throw new IllegalArgumentException(
          "job-server.max-backoff must be at least job-server.backoff (%dms), was %dms"
              .formatted(base.toMillis(), cap.toMillis()));
    }
  }

  /** The pause after the {@code attempt}th attempt (counted from 1) failed. */
  public Duration pause(int attempt, RandomGenerator random) {
    long bound = base.toNanos();
    for (int n = 1; n < attempt && bound < cap.toNanos(); n++) {
      bound *= 2;
    }
    return Duration.ofNanos(random.nextLong(Math.min(bound, cap.toNanos()) + 1));
  }
}
