package io.asyncproxy.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallbackTimesTest {
  private final CallbackTimes times = new CallbackTimes();

  private void record(int count, Duration took) {
    for (int i = 0; i < count; i++) {
      times.record(took);
    }
  }

  @Test
  void nothingIsKnownOfAFew() {
    record(19, Duration.ofSeconds(1));
    assertThat(times.overdueAfter()).isEmpty();
  }

  @Test
  void oneInAThousandThatIsSlowDoesNotCount() {
    record(999, Duration.ofMillis(500));
    record(1, Duration.ofMinutes(10));
    assertThat(times.usual().orElseThrow())
        .isBetween(Duration.ofMillis(500), Duration.ofMillis(600));
    assertThat(times.overdueAfter().orElseThrow())
        .isBetween(Duration.ofMillis(1_500), Duration.ofMillis(1_800));
  }

  @Test
  void overdueIsASecondAtLeast() {
    record(100, Duration.ofMillis(2));
    assertThat(times.overdueAfter()).contains(Duration.ofSeconds(1));
  }

  @Test
  void thePastFades() {
    record(100_000, Duration.ofMillis(10));
    record(8_000, Duration.ofSeconds(10));
    assertThat(times.usual().orElseThrow()).isGreaterThan(Duration.ofSeconds(9));
  }

  @Test
  void anyDurationHasItsPlace() {
    record(50, Duration.ofDays(300));
    record(50, Duration.ofMillis(-5));
    assertThat(times.usual()).isPresent();
  }
}
