package io.asyncproxy.telemetry;

import java.util.OptionalDouble;

/**
 * How many values were at most each of some bounds, as Prometheus counts them. Immutable.
 *
 * @param bounds in seconds, ascending; the last one may be infinite
 * @param counts cumulative, one for each bound
 */
record Histogram(double[] bounds, double[] counts) {

  /** What came after {@code before}, which has the same bounds. */
  Histogram since(Histogram before) {
    double[] more = counts.clone();
    for (int i = 0; i < more.length; i++) {
      more[i] -= i < before.counts.length ? before.counts[i] : 0;
    }
    return new Histogram(bounds, more);
  }

  /**
   * The {@code q}-quantile, spread evenly within a bucket as by Prometheus' {@code
   * histogram_quantile}; empty where there are no values.
   */
  OptionalDouble quantile(double q) {
    double all = counts.length == 0 ? 0 : counts[counts.length - 1];
    if (all <= 0) {
      return OptionalDouble.empty();
    }
    double rank = q * all;
    int i = 0;
    while (i < counts.length - 1 && counts[i] < rank) {
      i++;
    }
    double lower = i == 0 ? 0 : bounds[i - 1];
    double below = i == 0 ? 0 : counts[i - 1];
    double within = counts[i] - below;
    return OptionalDouble.of(
        Double.isInfinite(bounds[i]) || within <= 0
            ? lower
            : lower + (bounds[i] - lower) * (rank - below) / within);
  }
}
