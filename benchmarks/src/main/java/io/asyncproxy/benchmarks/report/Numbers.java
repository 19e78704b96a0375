package io.asyncproxy.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
  private static final MathContext KEPT = new MathContext(6);

  private Numbers() {}

  /** Three digits, or all before the point. */
  static String format(double value) {
    double size = Math.abs(value);
    if (value == Math.rint(value) || size >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f", value);
  }

  /** As it is kept in files: six digits. */
  static BigDecimal kept(double value) {
    return new BigDecimal(value).round(KEPT).stripTrailingZeros();
  }
}
