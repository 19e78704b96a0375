package io.asyncproxy.benchmarks.report;

import io.asyncproxy.benchmarks.stats.Point;
import java.util.List;

/**
 * What is drawn and not listed.
 *
 * @param side the program under test
 * @param metric what was measured
 * @param unit of y
 * @param points in the order of x
 */
public record Series(String side, String metric, String unit, List<Point> points) {
  /** Copies the points. */
  public Series {
    points = List.copyOf(points);
  }
}
