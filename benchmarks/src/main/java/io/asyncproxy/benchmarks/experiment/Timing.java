package io.asyncproxy.benchmarks.experiment;

import java.time.Duration;

/**
 * How long and how often is measured.
 *
 * @param rounds each measures every side once
 * @param startRounds the same for starts
 * @param window length of one measurement
 * @param warmUp load on each program before
 * @param endurance length of that experiment
 * @param quick only to see that it works: counts and pauses are small as well
 */
public record Timing(
    int rounds,
    int startRounds,
    Duration window,
    Duration warmUp,
    Duration endurance,
    boolean quick) {

  /** A second at most: load before each window, that is not counted. */
  Duration rampUp() {
    return quick ? Duration.ofMillis(200) : Duration.ofSeconds(1);
  }

  /** As it is told in reports. */
  public String told() {
    String seconds =
        "%s windows of %s s after %s s".formatted(rounds, seconds(window), seconds(warmUp));
    return quick ? seconds + ", quick: figures mean nothing" : seconds;
  }

  private static String seconds(Duration duration) {
    double seconds = duration.toMillis() / 1e3;
    return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
  }
}
