package io.asyncproxy.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Counts answers. Written on the load's event loop; whoever takes it from there may read it. */
public final class Tally {
  private static final long LONGEST_MICROS = 3_600_000_000L;

  private final Histogram latency = new Histogram(LONGEST_MICROS, 3);
  private final Map<String, Integer> errors = new TreeMap<>();
  private long crossed;

  void count(Verdict verdict, long micros) {
    switch (verdict) {
      case Verdict.Right() -> latency.recordValue(Math.clamp(micros, 0, LONGEST_MICROS));
      case Verdict.Crossed() -> crossed++;
      case Verdict.Wrong(String why) -> errors.merge(why, 1, Integer::sum);
    }
  }

  /** Jobs with their own result. */
  public long completed() {
    return latency.getTotalCount();
  }

  /** Jobs that got the result of another: never right. */
  public long crossed() {
    return crossed;
  }

  /** All that got no result. */
  public long failed() {
    return errors.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** The same by their cause. */
  public Map<String, Integer> errors() {
    return Map.copyOf(errors);
  }

  /** Latency of completed jobs in milliseconds, from their intended start; NaN without any. */
  public double millis(double percentile) {
    return completed() == 0 ? Double.NaN : latency.getValueAtPercentile(percentile) / 1e3;
  }
}
