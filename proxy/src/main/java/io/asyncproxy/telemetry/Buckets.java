package io.asyncproxy.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;

/** The upper bounds of histograms. */
final class Buckets {
  /** Those of OpenTelemetry for HTTP requests, and beyond for holds and long jobs. */
  static final List<Duration> REQUESTS =
      ofSeconds(
          .005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 30, 60, 300, 900, 3600);

  /** Of what takes milliseconds where all is well. */
  static final List<Duration> STEPS =
      ofSeconds(
          .0001, .00025, .0005, .001, .002, .003, .005, .0075, .01, .015, .025, .05, .1, .25, .5, 1,
          2.5, 5, 10, 30, 60);

  private Buckets() {}

  private static List<Duration> ofSeconds(double... bounds) {
    return DoubleStream.of(bounds)
        .mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)))
        .toList();
  }
}
