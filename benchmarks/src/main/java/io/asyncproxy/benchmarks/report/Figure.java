package io.asyncproxy.benchmarks.report;

import io.asyncproxy.benchmarks.stats.Medians;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One figure.
 *
 * @param side the program under test, or what else the row is about
 * @param at where it was measured (a rate, requests in flight), if that varied
 * @param metric what was measured
 * @param unit of the windows; empty for ratios and counts
 * @param windows each measured value; one at least
 * @param wanted what it should be, if anything was asked
 */
public record Figure(
    String side,
    OptionalDouble at,
    String metric,
    String unit,
    List<Double> windows,
    Optional<Wanted> wanted) {

  /** Copies the windows. */
  public Figure {
    windows = List.copyOf(windows);
    if (windows.isEmpty()) {
      throw new IllegalArgumentException(metric + " of " + side + " has no values");
    }
  }

  /** The median of the windows. */
  public double value() {
    return Medians.median(windows);
  }

  double least() {
    return Collections.min(windows);
  }

  double most() {
    return Collections.max(windows);
  }

  String column() {
    return unit.isEmpty() ? metric : metric + ", " + unit;
  }
}
