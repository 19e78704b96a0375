package io.asyncproxy.cli;

import java.util.List;

/** Values as a row of bars, the largest one full. */
final class Sparkline {
  private static final String BARS = " ▁▂▃▄▅▆▇█";

  private Sparkline() {}

  static String of(List<Double> values) {
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    StringBuilder line = new StringBuilder();
    for (double value : values) {
      int height = most <= 0 ? 0 : (int) Math.ceil(value / most * (BARS.length() - 1));
      line.append(BARS.charAt(Math.clamp(height, 0, BARS.length() - 1)));
    }
    return line.toString();
  }
}
