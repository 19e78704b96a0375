package io.asyncproxy.benchmarks.stats;

import java.util.List;

/** Quantiles of a few numbers. */
public final class Medians {
  private Medians() {}

  /** The middle one; of an even count, the mean of the middle two. */
  public static double median(List<Double> values) {
    return quantile(values, 0.5);
  }

  /** Linear between the closest ranks (type 7 of Hyndman and Fan). */
  public static double quantile(List<Double> values, double share) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a quantile of no values");
    }
    if (share < 0 || share > 1) {
      throw new IllegalArgumentException("a quantile is from 0 to 1, was " + share);
    }
    List<Double> sorted = values.stream().sorted().toList();
    double at = share * (sorted.size() - 1);
    int below = (int) at;
    double rest = at - below;
    double low = sorted.get(below);
    return rest == 0 ? low : low + rest * (sorted.get(below + 1) - low);
  }
}
