package io.asyncproxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private final RetryBudget budget = new RetryBudget();

  @Test
  void calmTimesRetryAtOnce() {
    assertThat(budget.freeIn(5 * SECOND)).isZero();
    budget.take(5 * SECOND);
    assertThat(budget.freeIn(5 * SECOND)).isZero();
  }

  @Test
  void withoutStartsTenASecondAreAllowed() {
    for (int i = 0; i < 110; i++) {
      budget.take(0);
    }
    assertThat(budget.freeIn(0)).isEqualTo(10 * SECOND);
  }

  /**
   * However starts and retries mix: at most 20 % of the starts, 10 a second, and what was saved.
   */
  @RepeatedTest(100)
  void retriesNeverExceedTheirShare() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int perSecond = 1 + random.nextInt(500);
    List<Long> times = new ArrayList<>();
    long now = -3 * SECOND; // a monotonic clock may well be negative
    long began = now;
    int starts = 0;
    while (now < began + 30 * SECOND) {
      now += (long) (random.nextDouble() * 2 * SECOND / perSecond);
      if (random.nextInt(3) > 0) {
        budget.started(now);
        starts++;
      } else {
        times.add(now + budget.freeIn(now));
        budget.take(now);
      }
    }
    long end = now;
    long made = times.stream().filter(time -> time <= end).count();
    double seconds = (end - began) / (double) SECOND;
    double saved = RetryBudget.FLOOR_PER_SECOND + RetryBudget.SHARE * perSecond;
    assertThat(made)
        .as("seed %d", seed)
        .isLessThanOrEqualTo(
            (long) (RetryBudget.SHARE * starts + RetryBudget.FLOOR_PER_SECOND * seconds + saved)
                + 2);
  }
}
