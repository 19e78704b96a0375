package io.asyncproxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private static final Offset<Double> EXACT = within(1e-9);
  private static final double[] BOUNDS = {.01, .1, 1, Double.POSITIVE_INFINITY};

  private static Histogram of(double... counts) {
    return new Histogram(BOUNDS, counts);
  }

  @Test
  void quantileIsSpreadEvenlyWithinItsBucket() {
    Histogram histogram = of(0, 10, 10, 10);
    assertThat(histogram.quantile(.5).orElseThrow()).isCloseTo(.055, EXACT);
    assertThat(histogram.quantile(1).orElseThrow()).isCloseTo(.1, EXACT);
  }

  @Test
  void firstBucketBeginsAtZero() {
    assertThat(of(4, 4, 4, 4).quantile(.25).orElseThrow()).isCloseTo(.0025, EXACT);
  }

  @Test
  void whatIsBeyondTheLastBoundIsSaidToBeAtIt() {
    assertThat(of(0, 0, 1, 4).quantile(.99).orElseThrow()).isCloseTo(1, EXACT);
  }

  @Test
  void nothingHasNoQuantile() {
    assertThat(of(0, 0, 0, 0).quantile(.5)).isEmpty();
    assertThat(new Histogram(new double[0], new double[0]).quantile(.5)).isEmpty();
  }

  @Test
  void onlyWhatCameSinceIsCounted() {
    Histogram since = of(5, 15, 15, 15).since(of(5, 5, 5, 5));
    assertThat(since.counts()).containsExactly(0, 10, 10, 10);
    assertThat(since.quantile(.5).orElseThrow()).isCloseTo(.055, EXACT);
  }
}
