package io.asyncproxy.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Maps values to pixels.
 *
 * @param from the least value shown
 * @param to the most
 * @param ticks where it is labelled
 */
record Axis(double from, double to, boolean log, List<Double> ticks) {
  private static final int FEW = 8;

  /** Part of the width that a label takes. */
  private static final double LABEL = 0.1;

  private static final double[] STEPS = {1, 2, 5, 10};

  /** The horizontal one: labelled at its points where these are few. */
  static Axis horizontal(List<Double> values, boolean log) {
    List<Double> places = values.stream().distinct().sorted().toList();
    if (places.size() > 1 && places.size() <= FEW) {
      Axis axis = new Axis(log ? places.getFirst() : 0, places.getLast(), log, places);
      if (axis.isLegible()) {
        return axis;
      }
    }
    return log ? logarithmic(values) : linear(values);
  }

  /** Whether no label touches the next. */
  private boolean isLegible() {
    for (int i = 1; i < ticks.size(); i++) {
      if (share(ticks.get(i)) - share(ticks.get(i - 1)) < LABEL) {
        return false;
      }
    }
    return true;
  }

  /** The vertical one. */
  static Axis vertical(List<Double> values, boolean log) {
    return log && values.stream().allMatch(value -> value > 0)
        ? logarithmic(values)
        : linear(values);
  }

  private static Axis linear(List<Double> values) {
    double most = Math.max(1e-9, values.stream().mapToDouble(Double::doubleValue).max().orElse(1));
    double step = step(most / 5);
    double to = Math.ceil(most / step) * step;
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i * step <= to * 1.000001; i++) {
      ticks.add(i * step);
    }
    return new Axis(0, to, false, ticks);
  }

  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    return DoubleStream.of(STEPS)
        .map(step -> step * power)
        .filter(step -> step >= least * 0.999999)
        .findFirst()
        .orElse(10 * power);
  }

  private static Axis logarithmic(List<Double> values) {
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(1);
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(10);
    List<Double> ticks = new ArrayList<>();
    for (double power = Math.pow(10, Math.floor(Math.log10(least)));
        power <= most * 10;
        power *= 10) {
      for (double step : new double[] {1, 2, 5}) {
        ticks.add(step * power);
      }
    }
    int first = (int) ticks.stream().filter(tick -> tick <= least).count() - 1;
    int last = (int) ticks.stream().filter(tick -> tick < most).count();
    List<Double> shown = ticks.subList(Math.max(0, first), Math.max(first + 2, last + 1));
    return new Axis(shown.getFirst(), shown.getLast(), true, List.copyOf(shown));
  }

  /** Where a value is, from 0 to 1. */
  double share(double value) {
    return log
        ? (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))
        : (value - from) / (to - from);
  }
}
