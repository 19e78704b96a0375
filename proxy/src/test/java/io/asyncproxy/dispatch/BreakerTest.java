package io.asyncproxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.dispatch.Breaker.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BreakerTest {
  private static final long WAIT = Duration.ofSeconds(5).toNanos();

  private final Breaker breaker = breaker(50, 100);

  private static Breaker breaker(int percent, int window) {
    return new Breaker(new BreakerSettings(percent, window, Duration.ofNanos(WAIT)));
  }

  private void attempts(int count, boolean failed) {
    for (int i = 0; i < count; i++) {
      assertThat(breaker.allows(0)).isTrue();
      breaker.ended(breaker.begin(), failed, 0);
    }
  }

  @Test
  void nineteenFailuresProveNothingTwentyOpen() {
    attempts(19, true);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    attempts(1, true);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.allows(WAIT - 1)).isFalse();
    assertThat(breaker.opensIn(1)).isEqualTo(WAIT - 1);
  }

  @Test
  void halfOfTheWindowOpensAndALittleLessDoesNot() {
    attempts(51, false);
    attempts(49, true);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    attempts(1, true);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void oneProbeAtATimeAndItsSuccessCloses() {
    attempts(20, true);
    assertThat(breaker.allows(WAIT)).isTrue();
    int probe = breaker.begin();
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.allows(WAIT + 1)).isFalse();
    breaker.ended(probe, false, WAIT + 2);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    assertThat(breaker.allows(WAIT + 3)).isTrue();
  }

  @Test
  void failedProbeOpensForTheWholeWaitAgain() {
    attempts(20, true);
    breaker.ended(breaker.begin(), true, WAIT + 7);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.allows(2 * WAIT + 6)).isFalse();
    assertThat(breaker.allows(2 * WAIT + 7)).isTrue();
  }

  @Test
  void probeThatWasNotMadeLeavesRoomForAnother() {
    attempts(20, true);
    breaker.notMade(breaker.begin());
    assertThat(breaker.allows(WAIT)).isTrue();
  }

  @Test
  void attemptFromBeforeItOpenedIsNotTheProbe() {
    int early = breaker.begin();
    attempts(20, true);
    breaker.begin();
    breaker.ended(early, false, WAIT);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    breaker.ended(early, true, WAIT);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 19})
  void smallWindowOpensWhenItIsFull(int window) {
    Breaker small = breaker(100, window);
    for (int i = 0; i < window; i++) {
      assertThat(small.state()).isEqualTo(State.CLOSED);
      small.ended(small.begin(), true, 0);
    }
    assertThat(small.state()).isEqualTo(State.OPEN);
  }

  /** Against a list of the last outcomes, for any percentage, window and course of things. */
  @RepeatedTest(200)
  void opensExactlyWhenTheWindowSaysSo() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int percent = 1 + random.nextInt(100);
    int window = 1 + random.nextInt(60);
    double failing = random.nextDouble();
    Breaker any = breaker(percent, window);
    Deque<Boolean> last = new ArrayDeque<>();
    for (int i = 0; i < 500 && any.state() == State.CLOSED; i++) {
      boolean failed = random.nextDouble() < failing;
      last.addLast(failed);
      if (last.size() > window) {
        last.removeFirst();
      }
      any.ended(any.begin(), failed, i);
      long failures = last.stream().filter(Boolean::booleanValue).count();
      boolean enough = last.size() >= Math.min(20, window);
      boolean expected = enough && failures * 100 >= (long) percent * last.size();
      assertThat(any.state() == State.OPEN).as("seed %d, attempt %d", seed, i).isEqualTo(expected);
    }
  }
}
