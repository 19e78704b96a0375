package io.asyncproxy.dispatch;

import java.util.Arrays;

/**
 * How many retries there may be: 20 % of the starts of the last 10 s and 10 a second besides
 * (Finagle's retry budget), so that retries never become the load that they answer. A retry is
 * given the next free time; when many want one, the times stretch.
 *
 * <p>Knows no clock: times are nanoseconds of any monotonic clock. Not thread-safe.
 */
final class RetryBudget {
  /** Retries per second that are always allowed. */
  static final double FLOOR_PER_SECOND = 10;

  /** Retries for each start. */
  static final double SHARE = 0.2;

  private static final int SECONDS = 10;
  private static final long SECOND = 1_000_000_000L;

  /** So many may come at once after a calm time. */
  private static final long SAVED = SECOND;

  private final int[] starts = new int[SECONDS];
  private long second = Long.MIN_VALUE;
  private int sum;
  private long nextFree = Long.MIN_VALUE;

  /** A job is started for the first time. */
  void started(long now) {
    roll(now);
    starts[index(second)]++;
    sum++;
  }

  /** How long the next retry has to wait; 0 for not at all. */
  long freeIn(long now) {
    return nextFree == Long.MIN_VALUE ? 0 : Math.max(0, nextFree - now);
  }

  /** Takes the next free time. */
  void take(long now) {
    roll(now);
    long interval = (long) (SECOND / (FLOOR_PER_SECOND + SHARE * sum / SECONDS));
    nextFree = Math.max(nextFree, now - SAVED) + interval;
  }

  private void roll(long now) {
    long current = Math.floorDiv(now, SECOND);
    if (second == Long.MIN_VALUE || current - second >= SECONDS) {
      Arrays.fill(starts, 0);
      sum = 0;
      second = current;
    }
    while (second < current) {
      second++;
      sum -= starts[index(second)];
      starts[index(second)] = 0;
    }
  }

  private static int index(long second) {
    return Math.floorMod(second, SECONDS);
  }
}
