package io.asyncproxy.callback;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How long results take, from a job's making to its callback: enough of a histogram to tell when a
 * callback is overdue. Buckets grow by a fifth, so that a quantile is exact to 20 %; counts are
 * halved now and then, so that the past fades. Thread-safe; counts may be off by a few.
 */
public final class CallbackTimes {
  private static final double GROWTH = 1.2;
  private static final int BUCKETS = 100; // from 1 ms to 19 hours
  private static final int LEAST = 20;
  private static final int FADES_AT = 4_096;
  private static final double QUANTILE = 0.99;

  /** A callback is late when it takes so many times as long as nearly all of the others. */
  private static final int LATE = 3;

  private static final Duration LEAST_LATE = Duration.ofSeconds(1);

  private final AtomicIntegerArray counts = new AtomicIntegerArray(BUCKETS);

  /** A result came after {@code took}. */
  public void record(Duration took) {
    int bucket = bucket(took.toMillis());
    if (counts.incrementAndGet(bucket) >= FADES_AT) {
      fade();
    }
  }

  private static int bucket(long millis) {
    int bucket = millis <= 1 ? 0 : (int) Math.ceil(Math.log((double) millis) / Math.log(GROWTH));
    return Math.min(bucket, BUCKETS - 1);
  }

  private void fade() {
    for (int i = 0; i < BUCKETS; i++) {
      counts.updateAndGet(i, count -> count / 2);
    }
  }

  /** How long 99 of 100 results take at most; empty until a few have come. */
  public Optional<Duration> usual() {
    int total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      total += counts.get(i);
    }
    if (total < LEAST) {
      return Optional.empty();
    }
    int below = 0;
    int bucket = 0;
    while (bucket < BUCKETS - 1 && (below += counts.get(bucket)) < QUANTILE * total) {
      bucket++;
    }
    return Optional.of(Duration.ofMillis((long) Math.ceil(Math.pow(GROWTH, bucket))));
  }

  /** When a callback that has not come is overdue: three times the usual, a second at least. */
  public Optional<Duration> overdueAfter() {
    return usual()
        .map(usual -> usual.multipliedBy(LATE))
        .map(late -> late.compareTo(LEAST_LATE) < 0 ? LEAST_LATE : late);
  }
}
