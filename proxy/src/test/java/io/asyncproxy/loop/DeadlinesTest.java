package io.asyncproxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Deadlines happen in order, once, and not at all when they are cancelled. */
class DeadlinesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  private final HandMovedTime time = new HandMovedTime();
  private final Deadlines deadlines = time.deadlines();
  private final List<String> happened = new ArrayList<>();

  @Test
  void happensAtItsTimeAndNotBefore() {
    in(SECOND, "a");

    time.pass(SECOND.minusNanos(1));
    assertThat(happened).isEmpty();
    time.pass(Duration.ofNanos(1));
    assertThat(happened).containsExactly("a");
    time.pass(SECOND.multipliedBy(10));
    assertThat(happened).containsExactly("a");
  }

  @Test
  void happensInTheOrderOfTimeAcrossLengths() {
    in(SECOND.multipliedBy(3), "d");
    in(SECOND, "a");
    time.pass(MILLI.multipliedBy(500));
    in(SECOND, "b");
    in(SECOND.multipliedBy(2), "c");

    time.pass(SECOND.multipliedBy(3));
    assertThat(happened).containsExactly("a", "b", "c", "d");
  }

  @Test
  void veryManyLengthsAreEachWaitedForAgainAndAgain() {
    for (int round = 0; round < 3; round++) {
      for (int i = 200; i >= 1; i--) {
        in(MILLI.multipliedBy(i), "a" + i);
        in(MILLI.multipliedBy(i), "b" + i);
      }
      time.pass(MILLI.multipliedBy(200));
      assertThat(happened).hasSize(400).startsWith("a1", "b1", "a2", "b2").endsWith("b200");
      assertThat(deadlines.count()).isZero();
      happened.clear();
    }
  }

  @Test
  void ofTheSameTimeTheFirstIsTheFirst() {
    in(SECOND, "a");
    in(SECOND, "b");
    in(SECOND, "c");

    time.pass(SECOND);
    assertThat(happened).containsExactly("a", "b", "c");
  }

  @Test
  void cancelledFirstMiddleAndLastNeverHappen() {
    List<Deadline> all = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d", "e")) {
      all.add(in(SECOND, name));
    }
    all.get(0).cancel();
    all.get(2).cancel();
    all.get(4).cancel();

    time.pass(SECOND);
    assertThat(happened).containsExactly("b", "d");
  }

  @Test
  void cancellingTwiceOrAfterwardsDoesNothing() {
    Deadline first = in(SECOND, "a");
    Deadline second = in(SECOND, "b");
    in(SECOND, "c");
    second.cancel();
    second.cancel();

    time.pass(SECOND);
    first.cancel();
    in(SECOND, "d");
    first.cancel();
    second.cancel();
    time.pass(SECOND);

    assertThat(happened).containsExactly("a", "c", "d");
  }

  @Test
  void oneTimerRunsForEachLengthHoweverManyWait() {
    for (int i = 0; i < 1000; i++) {
      in(SECOND, "second");
      in(SECOND.multipliedBy(2), "two");
      time.pass(Duration.ofNanos(10));
    }

    assertThat(time.running()).isEqualTo(2);
    assertThat(time.scheduled()).isEqualTo(2);
    assertThat(deadlines.queues()).isEqualTo(2);
  }

  @Test
  void timerIsSetAgainForWhatIsFirstThen() {
    in(SECOND, "a").cancel();
    time.pass(MILLI.multipliedBy(900));
    in(SECOND, "b");

    time.pass(MILLI.multipliedBy(999));
    assertThat(happened).isEmpty();
    assertThat(time.running()).isEqualTo(1);
    time.pass(MILLI);
    assertThat(happened).containsExactly("b");
    assertThat(time.scheduled()).isEqualTo(2);
  }

  @Test
  void queuesVanishWhenTheyAreEmpty() {
    for (int i = 1; i <= 100; i++) {
      in(MILLI.multipliedBy(i), "done");
      in(MILLI.multipliedBy(i), "cancelled").cancel();
    }
    assertThat(deadlines.queues()).isEqualTo(100);

    time.pass(SECOND);
    assertThat(deadlines.queues()).isZero();
    assertThat(time.running()).isZero();
    assertThat(happened).hasSize(100).doesNotContain("cancelled");
  }

  @Test
  void lengthCanBeUsedAgainAfterItsQueueVanished() {
    in(SECOND, "a");
    time.pass(SECOND);
    in(SECOND, "b");
    time.pass(SECOND);

    assertThat(happened).containsExactly("a", "b");
  }

  @Test
  void deadlineAddedByAnActionHasItsWholeLength() {
    deadlines.in(
        SECOND,
        () -> {
          happened.add("a");
          in(SECOND, "b");
        });

    time.pass(SECOND);
    assertThat(happened).containsExactly("a");
    time.pass(SECOND.minusNanos(1));
    assertThat(happened).containsExactly("a");
    time.pass(Duration.ofNanos(1));
    assertThat(happened).containsExactly("a", "b");
    assertThat(deadlines.queues()).isZero();
  }

  @Test
  void deadlineOfAnotherLengthCanBeAddedByAnAction() {
    deadlines.in(SECOND, () -> in(MILLI, "b"));
    in(SECOND, "a");

    time.pass(SECOND.plus(MILLI));
    assertThat(happened).containsExactly("a", "b");
  }

  @Test
  void actionCanCancelWhatIsDueAtTheSameTime() {
    List<Deadline> later = new ArrayList<>();
    deadlines.in(SECOND, () -> later.forEach(Deadline::cancel));
    later.add(in(SECOND, "a"));
    in(SECOND, "b");
    later.add(in(SECOND, "c"));

    time.pass(SECOND);
    assertThat(happened).containsExactly("b");
  }

  @Test
  void actionCanCancelItself() {
    List<Deadline> self = new ArrayList<>();
    self.add(
        deadlines.in(
            SECOND,
            () -> {
              self.getFirst().cancel();
              happened.add("a");
            }));
    in(SECOND, "b");

    time.pass(SECOND);
    assertThat(happened).containsExactly("a", "b");
  }

  @Test
  void lateTimerLetsEverythingHappenThatIsDueByThen() {
    in(SECOND, "a");
    time.lag(MILLI.multipliedBy(600));
    in(SECOND, "b");
    time.lag(MILLI.multipliedBy(600));
    in(SECOND, "c");
    time.lag(MILLI.multipliedBy(600));

    time.pass(Duration.ZERO);
    assertThat(happened).containsExactly("a", "b");
    time.pass(SECOND);
    assertThat(happened).containsExactly("a", "b", "c");
  }

  @Test
  void pastDeadlineHappensAtOnceButNotInTheCall() {
    in(Duration.ZERO, "a");
    in(SECOND.negated(), "b");
    assertThat(happened).isEmpty();

    time.pass(Duration.ZERO);
    assertThat(happened).containsExactly("a", "b");
    assertThat(deadlines.queues()).isZero();
  }

  private Deadline in(Duration length, String name) {
    return deadlines.in(length, () -> happened.add(name));
  }

  @Test
  void actionThatFailsDoesNotTakeOthersAlong() {
    java.util.List<String> ran = new java.util.ArrayList<>();
    deadlines.in(
        java.time.Duration.ofSeconds(1),
        () -> {
          throw new IllegalStateException("on purpose");
        });
    deadlines.in(java.time.Duration.ofSeconds(1), () -> ran.add("second"));
    time.pass(java.time.Duration.ofSeconds(1));
    deadlines.in(java.time.Duration.ofSeconds(1), () -> ran.add("later"));
    time.pass(java.time.Duration.ofSeconds(1));
    assertThat(ran).containsExactly("second", "later");
  }
}
