package io.asyncproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;
  private final RateLimiter rates =
      new RateLimiter("account", 10, Duration.ofSeconds(1), () -> now);

  @Test
  void tenAreAllowedTheEleventhIsToldWhen() {
    for (int left = 9; left >= 0; left--) {
      RateLimiter.Allowance allowance = rates.take("a");
      assertThat(allowance.allowed()).isTrue();
      assertThat(allowance.remaining()).isEqualTo(left);
    }
    RateLimiter.Allowance eleventh = rates.take("a");
    assertThat(eleventh.allowed()).isFalse();
    assertThat(eleventh.reset()).isEqualTo(Duration.ofMillis(100));
    assertThat(rates.take("b").allowed()).isTrue();
    now += SECOND / 10;
    assertThat(rates.take("a").allowed()).isTrue();
    assertThat(rates.take("a").allowed()).isFalse();
  }

  @Test
  void headersAreStructuredFields() {
    assertThat(rates.policy()).isEqualTo("\"account\";q=10;w=1");
    assertThat(rates.state(rates.take("a"))).isEqualTo("\"account\";r=9;t=1");
  }

  @Test
  void accountsThatMayDoEverythingAgainAreForgotten() {
    rates.take("a");
    rates.take("b");
    rates.sweep();
    assertThat(rates.remembered()).isEqualTo(2);
    now += SECOND / 10;
    rates.sweep();
    assertThat(rates.remembered()).isZero();
  }

  /** In any stretch of time: no more than the window's and what the time itself allows. */
  @RepeatedTest(50)
  void neverMoreThanTheRate() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    now = random.nextLong() >> 2;
    long began = now;
    long allowed = 0;
    for (int i = 0; i < 2_000; i++) {
      now += random.nextInt(50_000_000);
      allowed += rates.take("a").allowed() ? 1 : 0;
      assertThat(allowed)
          .as("seed %d", seed)
          .isLessThanOrEqualTo(10 + (now - began) / (SECOND / 10) + 1);
    }
  }
}
