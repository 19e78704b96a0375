package io.asyncproxy.benchmarks.report;

/**
 * What a figure should be.
 *
 * @param limit the most, or the least
 * @param atMost whether it is the most
 */
public record Wanted(double limit, boolean atMost) {
  /** No more than that. */
  public static Wanted atMost(double limit) {
    return new Wanted(limit, true);
  }

  /** No less than that. */
  public static Wanted atLeast(double limit) {
    return new Wanted(limit, false);
  }

  /** Whether a value is as wanted. */
  public boolean isReached(double value) {
    return atMost ? value <= limit : value >= limit;
  }
}
