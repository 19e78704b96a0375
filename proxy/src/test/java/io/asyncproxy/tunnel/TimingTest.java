package io.asyncproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exponential backoff with full jitter, and when it begins anew. */
class TimingTest {

  @ParameterizedTest
  @CsvSource({"1,100", "2,200", "3,400", "9,25600", "10,30000", "1000,30000"})
  void pauseIsAnywhereFromZeroToItsBound(int failures, long boundMillis) {
    Random random = new Random(failures);
    Duration most = Duration.ZERO;
    for (int i = 0; i < 2_000; i++) {
      Duration pause = Timing.USUAL.pause(failures, random);
      assertThat(pause).isBetween(Duration.ZERO, Duration.ofMillis(boundMillis));
      most = pause.compareTo(most) > 0 ? pause : most;
    }
    assertThat(most).isGreaterThan(Duration.ofMillis(boundMillis * 49 / 50));
  }

  /** Who opens a tunnel and closes it at once must not be called ten times a second. */
  @Test
  void onlyAConnectionThatLastedBeginsANewRow() {
    assertThat(Timing.USUAL.failures(0, Duration.ofSeconds(1))).isEqualTo(1);
    assertThat(Timing.USUAL.failures(7, Duration.ofMillis(29_999))).isEqualTo(8);
    assertThat(Timing.USUAL.failures(7, Duration.ofSeconds(30))).isEqualTo(1);
  }
}
