package io.asyncproxy.benchmarks.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MediansTest {
  @Test
  void medianIsTheMiddleOneInWhateverOrder() {
    assertThat(Medians.median(List.of(9.0, 1.0, 4.0))).isEqualTo(4);
  }

  @Test
  void medianOfAnEvenCountIsBetweenTheMiddleTwo() {
    assertThat(Medians.median(List.of(1.0, 2.0, 4.0, 100.0))).isEqualTo(3);
  }

  @Test
  void quantilesAreLinearBetweenRanks() {
    List<Double> values = List.of(10.0, 20.0, 30.0, 40.0, 50.0);
    assertThat(Medians.quantile(values, 0)).isEqualTo(10);
    assertThat(Medians.quantile(values, 0.9)).isCloseTo(46, within(1e-9));
    assertThat(Medians.quantile(values, 1)).isEqualTo(50);
  }

  @Test
  void nothingHasNoMedian() {
    assertThatIllegalArgumentException().isThrownBy(() -> Medians.median(List.of()));
  }

  @Test
  void aShareIsFromZeroToOne() {
    assertThatIllegalArgumentException().isThrownBy(() -> Medians.quantile(List.of(1.0), 99));
  }
}
