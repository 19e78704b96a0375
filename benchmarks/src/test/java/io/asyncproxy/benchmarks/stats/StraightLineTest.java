package io.asyncproxy.benchmarks.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StraightLineTest {
  @Test
  void pointsOnALineAreMetExactly() {
    StraightLine line =
        StraightLine.through(List.of(new Point(0, 5), new Point(2, 11), new Point(10, 35)));
    assertThat(line.slope()).isCloseTo(3, within(1e-12));
    assertThat(line.intercept()).isCloseTo(5, within(1e-12));
    assertThat(line.slopeBound()).isCloseTo(0, within(1e-6));
    assertThat(line.at(1_000_000)).isCloseTo(3_000_005, within(1e-3));
  }

  @Test
  void boundIsThatOfTheTextbook() {
    StraightLine line =
        StraightLine.through(
            List.of(
                new Point(1, 1),
                new Point(2, 2),
                new Point(3, 3),
                new Point(4, 3),
                new Point(5, 5)));
    assertThat(line.slope()).isCloseTo(0.9, within(1e-12));
    assertThat(line.intercept()).isCloseTo(0.1, within(1e-12));
    // residuals 0, 0.1, 0.2, -0.7, 0.4: sum of squares 0.7; 3.182 * sqrt(0.7 / 3 / 10)
    assertThat(line.slopeBound()).isCloseTo(0.4861, within(0.01));
  }

  @Test
  void twoPointsSayNothingOfTheBound() {
    StraightLine line = StraightLine.through(List.of(new Point(0, 0), new Point(1, 1)));
    assertThat(line.slopeBound()).isInfinite();
  }

  @Test
  void quantilesOfStudentsTAreThoseOfTheTables() {
    assertThat(StraightLine.student(1)).isEqualTo(12.706);
    assertThat(StraightLine.student(3)).isCloseTo(3.182, within(0.05));
    assertThat(StraightLine.student(10)).isCloseTo(2.228, within(0.002));
    assertThat(StraightLine.student(1_000)).isCloseTo(1.962, within(0.001));
  }

  @Test
  void pointsAboveEachOtherMakeNoLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StraightLine.through(List.of(new Point(1, 1), new Point(1, 2))));
  }
}
