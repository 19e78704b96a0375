package io.asyncproxy.benchmarks.stats;

import java.util.List;

/**
 * A straight line through points by least squares.
 *
 * @param slope y per x
 * @param intercept y at x = 0
 * @param slopeBound half of the 95 % interval of the slope, if the points' errors are independent;
 *     infinite for fewer than three points
 */
public record StraightLine(double slope, double intercept, double slopeBound) {
  /** Two points at least, at different x. */
  public static StraightLine through(List<Point> points) {
    double count = points.size();
    double meanX = points.stream().mapToDouble(Point::x).average().orElseThrow();
    double meanY = points.stream().mapToDouble(Point::y).average().orElseThrow();
    double xx = 0;
    double xy = 0;
    for (Point point : points) {
      xx += (point.x() - meanX) * (point.x() - meanX);
      xy += (point.x() - meanX) * (point.y() - meanY);
    }
    if (xx == 0) {
      throw new IllegalArgumentException("a line needs points at different x");
    }
    double slope = xy / xx;
    double intercept = meanY - slope * meanX;
    double residuals = 0;
    for (Point point : points) {
      double error = point.y() - intercept - slope * point.x();
      residuals += error * error;
    }
    double free = count - 2;
    double bound =
        free < 1 ? Double.POSITIVE_INFINITY : student(free) * Math.sqrt(residuals / free / xx);
    return new StraightLine(slope, intercept, bound);
  }

  /** Where the line is at {@code x}. */
  public double at(double x) {
    return intercept + slope * x;
  }

  /**
   * 97.5 % quantile of Student's t: exact for one and two degrees of freedom, then by the expansion
   * around the normal quantile (Abramowitz and Stegun, 26.7.5), right to 2 % for three and to 0.1 %
   * from six on.
   */
  static double student(double free) {
    if (free == 1) {
      return 12.706;
    }
    if (free == 2) {
      return 4.303;
    }
    double z = 1.959964;
    double z3 = Math.pow(z, 3);
    double z5 = Math.pow(z, 5);
    double z7 = Math.pow(z, 7);
    return z
        + (z3 + z) / (4 * free)
        + (5 * z5 + 16 * z3 + 3 * z) / (96 * free * free)
        + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * Math.pow(free, 3));
  }
}
