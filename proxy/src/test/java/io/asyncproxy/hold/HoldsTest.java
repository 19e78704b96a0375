package io.asyncproxy.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.Eventually;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.loop.HandMovedTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A hold ends exactly once, whoever comes first. */
class HoldsTest {
  private static final Duration ATMOST = Duration.ofSeconds(10);
  private static final Outcome OUTCOME = new Outcome.Cancelled();
  private static final HoldEnd ENDED = new HoldEnd.Ended(OUTCOME);
  private static final Vertx VERTX = Vertx.vertx();

  private final Context context = VERTX.getOrCreateContext();
  private final HandMovedTime time = new HandMovedTime();
  private final EventLoop loop = new EventLoop(context, time.deadlines());
  private final Holds holds = new Holds(3, HoldListener.NONE);
  private final JobId job = Jobs.id();

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  @Test
  void outcomeEndsAllHoldsOfItsJobAndNoOther() throws Exception {
    List<Future<HoldEnd>> mine = List.of(hold(job).end(), hold(job).end());
    Future<HoldEnd> others = hold(Jobs.id()).end();

    holds.changed(job, JobState.CANCELLED, Optional.of(OUTCOME));

    for (Future<HoldEnd> end : mine) {
      assertThat(end.await(10, TimeUnit.SECONDS)).isEqualTo(ENDED);
    }
    assertThat(others.isComplete()).isFalse();
    assertThat(holds.count()).isEqualTo(1);
  }

  @Test
  void changeWithoutAnOutcomeEndsNothing() throws Exception {
    Hold hold = hold(job);

    holds.changed(job, JobState.RUNNING, Optional.empty());

    assertThat(holds.count()).isEqualTo(1);
    onLoop(() -> null);
    assertThat(hold.end().isComplete()).isFalse();
  }

  @Test
  void holdIsOverAfterItsTimeAndALaterOutcomeChangesNothing() throws Exception {
    Hold hold = hold(job);

    pass(ATMOST.minusNanos(1));
    assertThat(hold.end().isComplete()).isFalse();
    pass(Duration.ofNanos(1));
    holds.ended(job, OUTCOME);

    assertThat(hold.end().await(10, TimeUnit.SECONDS)).isEqualTo(new HoldEnd.TimedOut());
    assertThat(holds.count()).isZero();
  }

  @Test
  void outcomeCallsTheDeadlineOff() throws Exception {
    Hold hold = hold(job);
    Future<HoldEnd> answer = onLoop(() -> hold.then(Future::succeededFuture));
    holds.ended(job, OUTCOME);
    answer.await(10, TimeUnit.SECONDS);
    assertThat(onLoop(() -> loop.deadlines().count())).isZero();

    Hold next = hold(job);
    pass(ATMOST);

    assertThat(hold.end().result()).isEqualTo(ENDED);
    assertThat(next.end().await(10, TimeUnit.SECONDS)).isEqualTo(new HoldEnd.TimedOut());
    assertThat(holds.count()).isZero();
  }

  @Test
  void firstMiddleAndLastOfAJobCanLeaveAndTheOthersStay() throws Exception {
    for (int gone = 0; gone < 3; gone++) {
      List<Hold> all = new ArrayList<>(List.of(hold(job), hold(job), hold(job)));
      Hold leaving = all.remove(gone);
      abandon(leaving);
      assertThat(holds.count()).isEqualTo(2);

      abandon(leaving);
      assertThat(holds.count()).as("leaving twice").isEqualTo(2);

      holds.ended(job, OUTCOME);
      for (Hold hold : all) {
        assertThat(hold.end().await(10, TimeUnit.SECONDS)).isEqualTo(ENDED);
      }
      assertThat(holds.count()).isZero();
      pass(ATMOST);
      assertThat(leaving.end().isComplete()).as("nobody waits for it").isFalse();
    }
  }

  @Test
  void noMoreThanTheMostAreHeld() throws Exception {
    Hold first = hold(job);
    hold(job);
    hold(Jobs.id());

    assertThat(onLoop(() -> holds.hold(job, ATMOST, loop))).isEmpty();
    assertThat(holds.count()).isEqualTo(3);

    abandon(first);
    assertThat(onLoop(() -> holds.hold(job, ATMOST, loop))).isPresent();
  }

  @Test
  void drainEndsAll() throws Exception {
    List<Hold> all = List.of(hold(job), hold(job), hold(Jobs.id()));

    holds.drain();

    for (Hold hold : all) {
      assertThat(hold.end().await(10, TimeUnit.SECONDS)).isEqualTo(new HoldEnd.Draining());
    }
    assertThat(holds.count()).isZero();
  }

  @Test
  void outcomeAndTimeOutAtTheSameMomentEndItOnce() throws Exception {
    int[] outcomes = {0};
    race(
        Hold::timeOut,
        hold -> {
          HoldEnd end = hold.end().await(10, TimeUnit.SECONDS);
          assertThat(end).isIn(ENDED, new HoldEnd.TimedOut());
          outcomes[0] += end.equals(ENDED) ? 1 : 0;
        });
    assertThat(outcomes[0]).as("the outcome came first sometimes").isPositive();
  }

  @Test
  void outcomeAndDepartureAtTheSameMomentCountItOnce() throws Exception {
    race(hold -> holds.remove(hold), hold -> {});
  }

  /** What a test looks at when both are over. */
  private interface Check {
    void accept(Hold hold) throws Exception;
  }

  /** An outcome against {@code other}, 20,000 times, with a second hold on the job that stays. */
  private void race(java.util.function.Consumer<Hold> other, Check check) throws Exception {
    int rounds = 20_000;
    List<Hold> racing = new ArrayList<>();
    List<Hold> staying = new ArrayList<>();
    Holds many = holds;
    CyclicBarrier barrier = new CyclicBarrier(2);
    List<Throwable> failures = new ArrayList<>();
    Thread rival =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < rounds; i++) {
                      barrier.await(20, TimeUnit.SECONDS);
                      other.accept(racing.getFirst());
                      barrier.await(20, TimeUnit.SECONDS);
                    }
                  } catch (Exception failure) {
                    failures.add(failure);
                  }
                });
    for (int i = 0; i < rounds; i++) {
      boolean racingFirst = i % 2 == 0;
      Hold one = hold(job);
      Hold two = hold(job);
      racing.clear();
      racing.add(racingFirst ? one : two);
      staying.clear();
      staying.add(racingFirst ? two : one);
      barrier.await(20, TimeUnit.SECONDS);
      many.ended(job, OUTCOME);
      barrier.await(20, TimeUnit.SECONDS);
      assertThat(many.count()).isZero();
      assertThat(staying.getFirst().end().await(10, TimeUnit.SECONDS)).isEqualTo(ENDED);
      check.accept(racing.getFirst());
    }
    rival.join(20_000);
    assertThat(failures).isEmpty();
    Eventually.that(() -> assertThat(many.count()).isZero());
  }

  private Hold hold(JobId id) throws Exception {
    return onLoop(() -> holds.hold(id, ATMOST, loop).orElseThrow());
  }

  private void abandon(Hold hold) throws Exception {
    onLoop(
        () -> {
          hold.abandon();
          return null;
        });
  }

  private void pass(Duration duration) throws Exception {
    onLoop(
        () -> {
          time.pass(duration);
          return null;
        });
  }

  private <T> T onLoop(Callable<T> action) throws Exception {
    Future<T> done =
        Future.future(
            promise ->
                context.runOnContext(
                    _ -> {
                      try {
                        promise.complete(action.call());
                      } catch (Exception failure) {
                        promise.fail(failure);
                      }
                    }));
    return done.await(10, TimeUnit.SECONDS);
  }

  @Test
  void whatWasAddedToTheJobServersTimeIsToldOfWhoWasAnswered() throws Exception {
    List<String> told = new ArrayList<>();
    Holds timed =
        new Holds(
            3, end -> told.add(end.how() + checked(end.heldNanos(), end.addedNanos().orElse(-1))));
    timed.hold(job, ATMOST, loop);
    timed.sent(job);
    timed.calledBack(job);
    timed.changed(job, JobState.COMPLETED, Optional.of(OUTCOME));
    timed.hold(job, ATMOST, loop);
    timed.sent(job);
    timed.changed(job, JobState.COMPLETED, Optional.of(OUTCOME));
    Hold left = timed.hold(job, ATMOST, loop).orElseThrow();
    left.leave();
    left.leave();
    timed.hold(job, ATMOST, loop).orElseThrow().timeOut();
    timed.hold(job, ATMOST, loop);
    timed.drain();
    assertThat(told)
        .containsExactly(
            "answered some",
            "answered none",
            "client_left none",
            "timed_out none",
            "draining none");
  }

  private static String checked(long held, long added) {
    assertThat(held).isNotNegative();
    assertThat(added).isLessThanOrEqualTo(held);
    return added < 0 ? " none" : " some";
  }
}
