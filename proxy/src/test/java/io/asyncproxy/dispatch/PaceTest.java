package io.asyncproxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  private final Pace pace = new Pace();
  private long now;

  @Test
  void nothingIsLimitedUntilTheJobServerIsBusy() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(pace.allows(0)).isTrue();
      pace.start(0);
    }
    assertThat(pace.limit()).isInfinite();
  }

  @Test
  void busyAnswersOfOneMomentCutOnce() {
    for (int i = 0; i < 100; i++) {
      pace.accepted(i * MILLI);
    }
    busy(14, 100 * MILLI);
    double limit = pace.limit();
    assertThat(limit).isBetween(800.0, 1_000.0);
    pace.busy("b", Duration.ZERO, 101 * MILLI);
    assertThat(pace.limit()).isEqualTo(limit);
    pace.busy("c", Duration.ZERO, 700 * MILLI);
    assertThat(pace.limit()).isLessThan(limit);
  }

  private void busy(int times, long when) {
    for (int i = 0; i < times; i++) {
      pace.busy("a", Duration.ZERO, when);
    }
  }

  @Test
  void oneBusyAnswerInTwentyAtRandomSlowsNobodyDown() {
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      if (random.nextInt(20) == 0) {
        pace.busy("a" + i, Duration.ofSeconds(1), i * MILLI / 5);
      } else {
        pace.accepted(i * MILLI / 5);
      }
      assertThat(pace.limit()).isInfinite();
      assertThat(pace.opensIn(i * MILLI / 5)).isZero();
    }
  }

  @Test
  void jobServerThatTakesNothingAnyMoreIsNoticedWithinSixtyAnswers() {
    for (int i = 0; i < 10_000; i++) {
      pace.accepted(i);
    }
    busy(60, 10_000);
    assertThat(pace.limit()).isFinite();
  }

  @Test
  void whatWasLongAgoExcusesNoBusyAnswer() {
    for (int i = 0; i < 10_000; i++) {
      pace.accepted(i);
    }
    busy(3, 3 * SECOND);
    assertThat(pace.limit()).isFinite();
  }

  @Test
  void twoBusyAnswersAmongTheFirstOnesSlowNobodyDown() {
    busy(2, 0);
    assertThat(pace.limit()).isInfinite();
    busy(1, 0);
    assertThat(pace.limit()).isFinite();
  }

  @Test
  void retryAfterOfOneAccountStopsNobodyElse() {
    pace.busy("a", Duration.ofSeconds(60), 0);
    pace.busy("a", Duration.ofSeconds(60), 1);
    assertThat(pace.allows(2 * SECOND)).isTrue();
  }

  @Test
  void retryAfterOfSeveralAccountsIsAHardStop() {
    for (String account : new String[] {"a", "b", "c"}) {
      pace.busy(account, Duration.ofSeconds(3), 0);
    }
    assertThat(pace.allows(3 * SECOND - 1)).isFalse();
    assertThat(pace.opensIn(SECOND)).isEqualTo(2 * SECOND);
    assertThat(pace.allows(3 * SECOND)).isTrue();
  }

  @Test
  void neverSlowerThanTheFloor() {
    for (int i = 0; i < 100; i++) {
      pace.busy("a", Duration.ZERO, i * SECOND);
    }
    assertThat(pace.limit()).isEqualTo(Pace.FLOOR);
  }

  /** A job server that takes so many a second, with a bucket for a tenth of a second. */
  private final class Limited {
    private final double perSecond;
    private double tokens;
    private long last;

    Limited(double perSecond) {
      this.perSecond = perSecond;
      this.tokens = perSecond / 10;
    }

    boolean take() {
      tokens = Math.min(perSecond / 10, tokens + (now - last) * perSecond / SECOND);
      last = now;
      if (tokens < 1) {
        return false;
      }
      tokens--;
      return true;
    }
  }

  private int accepted;
  private int busy;

  /** A thousand accounts that always have work; busy ones wait for a second, as they are told. */
  private void run(Limited server, int seconds, Random random) {
    accepted = 0;
    busy = 0;
    for (long end = now + seconds * SECOND; now < end; now += MILLI) {
      for (int i = 0; i < 20 && pace.allows(now); i++) {
        pace.start(now);
        if (server.take()) {
          accepted++;
          pace.accepted(now);
        } else {
          busy++;
          pace.busy("account" + random.nextInt(1_000), Duration.ofSeconds(1), now);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"20", "200", "1000", "3000"})
  void goodputSettlesNearTheLimitWithFewBusyAnswers(int limit) {
    Limited server = new Limited(limit);
    Random random = new Random(7);
    run(server, 20, random);
    run(server, 60, random);
    assertThat(accepted / 60.0).isBetween(0.9 * limit, 1.01 * limit);
    assertThat(busy).isLessThan((accepted + busy) / 20);
  }

  @Test
  void paceRecoversWithinTenSecondsAfterTheLimitIsLifted() {
    Random random = new Random(7);
    run(new Limited(200), 30, random);
    run(new Limited(1_000_000), 10, random);
    assertThat(pace.limit()).isGreaterThan(1_000);
  }

  @Test
  void paceThatNobodyNeedsDoesNotGrow() {
    for (int i = 0; i < 10; i++) {
      pace.accepted(0);
    }
    busy(2, MILLI);
    double limit = pace.limit();
    for (int second = 1; second < 60; second++) {
      assertThat(pace.allows(second * SECOND)).isTrue();
    }
    assertThat(pace.limit()).isEqualTo(limit);
  }

  /** Whatever happens: never below the floor, never closed for longer than was asked. */
  @RepeatedTest(50)
  void anyCourseOfThingsKeepsItsBounds() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    long longestStop = 0;
    now = random.nextLong() >> 2;
    for (int i = 0; i < 5_000; i++) {
      now += random.nextInt(20) * MILLI;
      switch (random.nextInt(4)) {
        case 0 -> {
          Duration stop = Duration.ofMillis(random.nextInt(3_000));
          longestStop = Math.max(longestStop, now + stop.toNanos());
          pace.busy("a" + random.nextInt(5), stop, now);
        }
        case 1 -> pace.accepted(now);
        default -> {
          if (pace.allows(now)) {
            pace.start(now);
          }
        }
      }
      assertThat(pace.limit()).as("seed %d", seed).isGreaterThanOrEqualTo(Pace.FLOOR);
      assertThat(pace.opensIn(now))
          .as("seed %d", seed)
          .isLessThanOrEqualTo(
              Math.max(longestStop - now, (long) (SECOND / pace.limit()) + SECOND));
    }
  }
}
