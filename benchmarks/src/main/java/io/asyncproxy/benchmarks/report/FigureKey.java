package io.asyncproxy.benchmarks.report;

import java.util.OptionalDouble;

/** Which figure: {@link Figure} without its values. */
public record FigureKey(String side, OptionalDouble at, String metric, String unit) {
  /** One that was measured at one place only. */
  public static FigureKey of(String side, String metric, String unit) {
    return new FigureKey(side, OptionalDouble.empty(), metric, unit);
  }

  /** One of several places. */
  public static FigureKey at(String side, double at, String metric, String unit) {
    return new FigureKey(side, OptionalDouble.of(at), metric, unit);
  }
}
