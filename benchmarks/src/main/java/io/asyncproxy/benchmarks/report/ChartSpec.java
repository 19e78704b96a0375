package io.asyncproxy.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * A chart of one metric.
 *
 * @param metric of the figures and series that it shows
 * @param title above it
 * @param x label of the horizontal axis
 * @param y label of the vertical axis
 * @param logX whether the horizontal axis is logarithmic
 * @param logY whether the vertical axis is logarithmic
 */
record ChartSpec(String metric, String title, String x, String y, boolean logX, boolean logY) {
  private static final String IN_FLIGHT = "requests in flight";
  private static final String TIMES = "times the limit";

  static List<ChartSpec> of(Topic topic) {
    return switch (topic) {
      case CPU, START -> List.of();
      case LATENCY ->
          List.of(
              new ChartSpec("p50", "Median latency by rate", "jobs/s", "ms", true, true),
              new ChartSpec(
                  "p99", "99th percentile of latency by rate", "jobs/s", "ms", true, true));
      case HELD ->
          List.of(linear("live heap", "Live heap by held requests", "held requests", "MB"));
      case CONCURRENCY ->
          List.of(
              new ChartSpec("throughput", "Throughput", IN_FLIGHT, "jobs/s", true, false),
              new ChartSpec("CPU per job", "CPU per job", IN_FLIGHT, "µs", true, true));
      case OVERLOAD ->
          List.of(
              linear("goodput", "Goodput by offered load", TIMES, "200s/s"),
              linear("p99 of 200s", "99th percentile of admitted requests", TIMES, "ms"));
      case ENDURANCE ->
          List.of(
              overTime("live heap", "Live heap", "MB"),
              overTime("resident memory", "Resident memory", "MB"),
              overTime("descriptors", "File descriptors", "open"),
              overTime("threads", "Threads", ""),
              overTime("store", "Store on disk", "MB"),
              overTime("latency p99", "99th percentile of latency", "ms"),
              overTime("goodput", "Goodput", "200s/s"));
    };
  }

  private static ChartSpec linear(String metric, String title, String x, String y) {
    return new ChartSpec(metric, title, x, y, false, false);
  }

  private static ChartSpec overTime(String metric, String title, String y) {
    return linear(metric, title, "minutes", y);
  }

  String file(Topic topic) {
    String name = metric.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return topic.label() + '-' + name + ".svg";
  }
}
