package io.asyncproxy.benchmarks.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftTest {
  private static List<Point> points(double slope, double noise) {
    return IntStream.range(0, 101)
        .mapToObj(x -> new Point(x, 200 + slope * (x - 50) + (x % 2 == 0 ? noise : -noise)))
        .toList();
  }

  @Test
  void lineRisesByItsSlopeOverAllOfTheRun() {
    assertThat(Drift.RISE.certainPercent(points(0.2, 0))).isCloseTo(10, within(0.01));
    assertThat(Drift.FALL.certainPercent(points(0.2, 0))).isZero();
    assertThat(Drift.FALL.certainPercent(points(-0.2, 0))).isCloseTo(10, within(0.01));
    assertThat(Drift.RISE.certainPercent(points(-0.2, 0))).isZero();
  }

  @Test
  void slopeThatNoiseMayHaveMadeIsNone() {
    assertThat(Drift.RISE.certainPercent(points(0.02, 20))).isZero();
    assertThat(Drift.FALL.certainPercent(points(-0.02, 20))).isZero();
  }

  @Test
  void ofALeakUnderNoiseTheNearerEndOfTheIntervalCounts() {
    assertThat(Drift.RISE.certainPercent(points(2, 20))).isBetween(80.0, 99.0);
  }
}
