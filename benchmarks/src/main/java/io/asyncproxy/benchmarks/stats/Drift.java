package io.asyncproxy.benchmarks.stats;

import java.util.List;

/** A lasting change of what should stay as it is. */
public enum Drift {
  RISE,
  FALL;

  /**
   * How far {@code points} drift this way at least, from the first to the last, by the nearer end
   * of the slope's 95 % interval, in percent of their mean; 0 where chance alone may have made the
   * slope. Two points at least, at different x.
   */
  public double certainPercent(List<Point> points) {
    StraightLine line = StraightLine.through(points);
    double slope = this == RISE ? line.slope() : -line.slope();
    double certain = Math.max(0, slope - line.slopeBound());
    double mean = points.stream().mapToDouble(Point::y).average().orElseThrow();
    return certain == 0 ? 0 : 100 * certain * (points.getLast().x() - points.getFirst().x()) / mean;
  }
}
