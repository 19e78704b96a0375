package io.asyncproxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exponential backoff with full jitter. */
class RetryPolicyTest {
  private static final RetryPolicy POLICY =
      new RetryPolicy(5, Duration.ofMillis(100), Duration.ofSeconds(5), false);

  @ParameterizedTest
  @CsvSource({"1,100", "2,200", "3,400", "4,800", "5,1600", "6,3200", "7,5000", "8,5000"})
  void pauseIsAnywhereFromZeroToItsBound(int attempt, long boundMillis) {
    Random random = new Random(attempt);
    Duration bound = Duration.ofMillis(boundMillis);
    Duration least = bound;
    Duration most = Duration.ZERO;
    for (int i = 0; i < 2000; i++) {
      Duration pause = POLICY.pause(attempt, random);
      assertThat(pause).isBetween(Duration.ZERO, bound);
      least = pause.compareTo(least) < 0 ? pause : least;
      most = pause.compareTo(most) > 0 ? pause : most;
    }

    assertThat(least).isLessThan(bound.dividedBy(50));
    assertThat(most).isGreaterThan(bound.multipliedBy(49).dividedBy(50));
  }

  @ParameterizedTest
  @CsvSource({"1,100", "2,200", "6,3200", "7,5000", "100,5000"})
  void bothEndsOfTheRangeCanBeDrawn(int attempt, long boundMillis) {
    assertThat(POLICY.pause(attempt, least())).isEqualTo(Duration.ZERO);
    assertThat(POLICY.pause(attempt, most())).isEqualTo(Duration.ofMillis(boundMillis));
  }

  @Test
  void hundredthAttemptStaysWithinTheLongestCapOfAll() {
    Duration day = Duration.ofHours(24);
    RetryPolicy policy = new RetryPolicy(100, Duration.ofMillis(1), day, false);

    for (int attempt = 30; attempt <= 100; attempt++) {
      assertThat(policy.pause(attempt, most())).isPositive().isLessThanOrEqualTo(day);
    }
    assertThat(policy.pause(100, most())).isEqualTo(day);
    assertThat(policy.pause(Integer.MAX_VALUE, most())).isEqualTo(day);
  }

  @Test
  void equalBoundsAreFine() {
    Duration second = Duration.ofSeconds(1);
    RetryPolicy policy = new RetryPolicy(5, second, second, false);

    assertThat(policy.pause(1, most())).isEqualTo(second);
    assertThat(policy.pause(9, most())).isEqualTo(second);
  }

  @Test
  void capBelowTheFirstPauseIsAMistakeThatNamesBoth() {
    assertThatThrownBy(
            () -> new RetryPolicy(5, Duration.ofMillis(200), Duration.ofMillis(50), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("job-server.max-backoff must be at least job-server.backoff (200ms), was 50ms");
  }

  /** Always draws the least. */
  private static RandomGenerator least() {
    return new Drawing() {
      @Override
      public long nextLong(long bound) {
        return 0;
      }
    };
  }

  /** Always draws the most. */
  private static RandomGenerator most() {
    return new Drawing() {
      @Override
      public long nextLong(long bound) {
        assertThat(bound).isPositive();
        return bound - 1;
      }
    };
  }

  private abstract static class Drawing implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new AssertionError("a bound was expected");
    }
  }
}
