package io.asyncproxy.dispatch;

import static io.asyncproxy.job.Jobs.CREATED;
import static io.asyncproxy.job.Jobs.LIFETIMES;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.dispatch.NextStep.Outlook;
import io.asyncproxy.dispatch.StartOutcome.Accepted;
import io.asyncproxy.dispatch.StartOutcome.Busy;
import io.asyncproxy.dispatch.StartOutcome.Invalid;
import io.asyncproxy.dispatch.StartOutcome.Refused;
import io.asyncproxy.dispatch.StartOutcome.Unclear;
import io.asyncproxy.dispatch.StartOutcome.Unreachable;
import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Failure.Reason;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows from the end of an attempt. */
class NextStepTest {
  private static final int LAST = 5;
  private static final Instant NOW = CREATED.plusSeconds(2);
  private static final Instant HOLD_END = CREATED.plusSeconds(10);
  private static final Instant JOB_END = CREATED.plus(LIFETIMES.timeout());
  private static final Duration BASE = Duration.ofMillis(100);

  /**
   * Every outcome, for a client that is held or not, an idempotent job server or not, and with
   * attempts left or not. A 202 job has as many attempts as its time allows.
   */
  @ParameterizedTest
  @CsvSource({
    // outcome       held   idempotent left   what follows
    "ACCEPTED,       true,  false, true,  STARTED",
    "ACCEPTED,       true,  false, false, STARTED",
    "ACCEPTED,       true,  true,  true,  STARTED",
    "ACCEPTED,       true,  true,  false, STARTED",
    "ACCEPTED,       false, false, true,  STARTED",
    "ACCEPTED,       false, false, false, STARTED",
    "ACCEPTED,       false, true,  true,  STARTED",
    "ACCEPTED,       false, true,  false, STARTED",
    "REFUSED,        true,  false, true,  REFUSED",
    "REFUSED,        true,  false, false, REFUSED",
    "REFUSED,        true,  true,  true,  REFUSED",
    "REFUSED,        true,  true,  false, REFUSED",
    "REFUSED,        false, false, true,  REFUSED",
    "REFUSED,        false, false, false, REFUSED",
    "REFUSED,        false, true,  true,  REFUSED",
    "REFUSED,        false, true,  false, REFUSED",
    "INVALID,        true,  false, true,  INVALID",
    "INVALID,        true,  false, false, INVALID",
    "INVALID,        true,  true,  true,  INVALID",
    "INVALID,        true,  true,  false, INVALID",
    "INVALID,        false, false, true,  INVALID",
    "INVALID,        false, false, false, INVALID",
    "INVALID,        false, true,  true,  INVALID",
    "INVALID,        false, true,  false, INVALID",
    "BUSY,           true,  false, true,  AGAIN_SOON",
    "BUSY,           true,  false, false, BUSY",
    "BUSY,           true,  true,  true,  AGAIN_SOON",
    "BUSY,           true,  true,  false, BUSY",
    "BUSY,           false, false, true,  AGAIN_SOON",
    "BUSY,           false, false, false, AGAIN_SOON",
    "BUSY,           false, true,  true,  AGAIN_SOON",
    "BUSY,           false, true,  false, AGAIN_SOON",
    "UNREACHABLE,    true,  false, true,  AGAIN_SOON",
    "UNREACHABLE,    true,  false, false, UNREACHABLE",
    "UNREACHABLE,    true,  true,  true,  AGAIN_SOON",
    "UNREACHABLE,    true,  true,  false, UNREACHABLE",
    "UNREACHABLE,    false, false, true,  AGAIN_SOON",
    "UNREACHABLE,    false, false, false, AGAIN_SOON",
    "UNREACHABLE,    false, true,  true,  AGAIN_SOON",
    "UNREACHABLE,    false, true,  false, AGAIN_SOON",
    "SILENCE,        true,  false, true,  AWAIT_CALLBACK",
    "SILENCE,        true,  false, false, AWAIT_CALLBACK",
    "SILENCE,        true,  true,  true,  UNCLEAR_AGAIN_SOON",
    "SILENCE,        true,  true,  false, AWAIT_CALLBACK",
    "SILENCE,        false, false, true,  AWAIT_CALLBACK",
    "SILENCE,        false, false, false, AWAIT_CALLBACK",
    "SILENCE,        false, true,  true,  UNCLEAR_AGAIN_SOON",
    "SERVER_ERROR,   true,  false, true,  SERVER_ERROR",
    "SERVER_ERROR,   true,  false, false, SERVER_ERROR",
    "SERVER_ERROR,   true,  true,  true,  UNCLEAR_AGAIN_SOON",
    "SERVER_ERROR,   true,  true,  false, SERVER_ERROR",
    "SERVER_ERROR,   false, false, true,  SERVER_ERROR",
    "SERVER_ERROR,   false, false, false, SERVER_ERROR",
    "SERVER_ERROR,   false, true,  true,  UNCLEAR_AGAIN_SOON",
  })
  void everyOutcomeLeadsToItsNextStep(
      End end, boolean held, boolean idempotent, boolean left, String expected) {
    int attempt = left ? LAST - 1 : LAST;
    Change change =
        step(idempotent).after(job(held, attempt), end.outcome, NOW, Outlook.clear(NOW));

    assertThat(change.fence()).contains(attempt);
    assertThat(described(change)).isEqualTo(expected);
  }

  /** How an attempt can end. */
  enum End {
    ACCEPTED(new Accepted(Optional.of("4499"))),
    REFUSED(new Refused(400, "no")),
    INVALID(new Invalid(OptionalInt.of(200), "nonsense", "<html>")),
    BUSY(new Busy(429, Optional.empty())),
    UNREACHABLE(new Unreachable("refused")),
    SILENCE(new Unclear(OptionalInt.empty(), "silence")),
    SERVER_ERROR(new Unclear(OptionalInt.of(500), "said 500"));

    @SuppressWarnings("ImmutableEnumChecker") // outcomes are records
    private final StartOutcome outcome;

    End(StartOutcome outcome) {
      this.outcome = outcome;
    }
  }

  /** What {@code change} comes to, its time checked. */
  private static String described(Change change) {
    Instant soon = NOW.plus(BASE.multipliedBy(16));
    return switch (change) {
      case Change.Started started -> {
        assertThat(started.jobServerId()).contains("4499");
        assertThat(started.wakeAt()).isEqualTo(NOW.plus(LIFETIMES.timeout()));
        yield "STARTED";
      }
      case Change.BackOff backOff -> {
        assertThat(backOff.wakeAt()).isBetween(NOW, soon);
        yield "AGAIN_SOON";
      }
      case Change.Unclear unclear when unclear.wakeAt().equals(JOB_END) -> "AWAIT_CALLBACK";
      case Change.Unclear unclear -> {
        assertThat(unclear.wakeAt()).isBetween(NOW, soon);
        yield "UNCLEAR_AGAIN_SOON";
      }
      case Change.GiveUp giveUp -> {
        assertThat(giveUp.at()).isEqualTo(NOW);
        assertThat(giveUp.wakeAt()).isEqualTo(NOW.plus(LIFETIMES.deadLetterRetention()));
        yield giveUp.failure().reason().name();
      }
      default -> throw new AssertionError(change);
    };
  }

  @Test
  void retryAfterIsTheLeastPause() {
    Change change =
        step(false).after(job(true, 1), busy(Duration.ofSeconds(3)), NOW, Outlook.clear(NOW));

    assertThat(change).isInstanceOf(Change.BackOff.class);
    assertThat(change.wakeAt()).isEqualTo(NOW.plusSeconds(3));
  }

  @Test
  void longerBackoffIsNotCutByRetryAfter() {
    Change change =
        step(false).after(job(true, 1), busy(Duration.ofMillis(40)), NOW, Outlook.clear(NOW));

    assertThat(change.wakeAt()).isEqualTo(NOW.plus(BASE));
  }

  @Test
  void noAttemptIsPlannedForWhenTheClientIsGone() {
    Duration rest = Duration.between(NOW, HOLD_END);

    Change lastMoment =
        step(false).after(job(true, 1), busy(rest.minusMillis(1)), NOW, Outlook.clear(NOW));
    Change tooLate = step(false).after(job(true, 1), busy(rest), NOW, Outlook.clear(NOW));

    assertThat(lastMoment).isInstanceOf(Change.BackOff.class);
    assertThat(failure(tooLate).reason()).isEqualTo(Reason.BUSY);
  }

  @Test
  void backoffNeverGoesBeyondTheEndOfTheJob() {
    Change change =
        step(false).after(job(false, 1), busy(Duration.ofHours(20)), NOW, Outlook.clear(NOW));

    assertThat(change).isInstanceOf(Change.BackOff.class);
    assertThat(change.wakeAt()).isEqualTo(JOB_END);
  }

  @Test
  void unclearAttemptIsNotSentAgainAfterTheEndOfTheJob() {
    Instant justBefore = JOB_END.minusMillis(1);
    Change change =
        step(true)
            .after(
                job(false, 1),
                new Unclear(OptionalInt.empty(), ""),
                justBefore,
                Outlook.clear(justBefore));

    assertThat(change.wakeAt()).isEqualTo(JOB_END);
  }

  @Test
  void callbackIsAwaitedFromWhenTheAttemptWasSent() {
    Instant sent = CREATED.plusSeconds(100);
    Job job = Jobs.at(Jobs.submission(Optional.empty()), JobState.STARTING, 2, Optional.of(sent));

    Change change =
        step(false)
            .after(
                job,
                new Unclear(OptionalInt.empty(), "silence"),
                sent.plusSeconds(5),
                Outlook.clear(sent));

    assertThat(change.wakeAt()).isEqualTo(sent.plus(LIFETIMES.timeout()));
  }

  @Test
  void busyFailureSaysHowLongToStayAway() {
    Failure failure =
        failure(
            step(false)
                .after(job(true, LAST), busy(Duration.ofSeconds(7)), NOW, Outlook.clear(NOW)));

    assertThat(failure.upstreamStatus()).hasValue(503);
    assertThat(failure.retryAfterSeconds()).hasValue(7);
  }

  @Test
  void failureKeepsStatusAndAnswerOfTheJobServer() {
    Failure refused =
        failure(step(false).after(job(true, 1), new Refused(418, "tea"), NOW, Outlook.clear(NOW)));
    Failure error =
        failure(
            step(false)
                .after(
                    job(true, 1),
                    new Unclear(OptionalInt.of(500), "said 500"),
                    NOW,
                    Outlook.clear(NOW)));
    Failure nonsense =
        failure(
            step(false)
                .after(
                    job(true, 1),
                    new Invalid(OptionalInt.empty(), "odd", ""),
                    NOW,
                    Outlook.clear(NOW)));

    assertThat(refused.upstreamStatus()).hasValue(418);
    assertThat(refused.payload()).contains("tea");
    assertThat(error.upstreamStatus()).hasValue(500);
    assertThat(error.payload()).isEmpty();
    assertThat(nonsense.upstreamStatus()).isEmpty();
    assertThat(nonsense.payload()).isEmpty();
  }

  @Test
  void historyNamesTheAttemptAndItsEnd() {
    Change change =
        step(false).after(job(true, 3), new Unreachable("refused"), NOW, Outlook.clear(NOW));

    assertThat(change)
        .isInstanceOfSatisfying(
            Change.BackOff.class,
            backOff -> {
              assertThat(backOff.ended().number()).isEqualTo(3);
              assertThat(backOff.ended().at()).isEqualTo(NOW);
              assertThat(backOff.ended().outcome()).isEqualTo("unreachable");
              assertThat(backOff.ended().detail()).isEqualTo("refused");
            });
  }

  private static Busy busy(Duration retryAfter) {
    return new Busy(503, Optional.of(retryAfter));
  }

  private static Failure failure(Change change) {
    assertThat(change).isInstanceOf(Change.GiveUp.class);
    return ((Change.GiveUp) change).failure();
  }

  private static NextStep step(boolean idempotent) {
    RetryPolicy policy = new RetryPolicy(LAST, BASE, Duration.ofSeconds(5), idempotent);
    return new NextStep(policy, LIFETIMES, longestPauses());
  }

  private static Job job(boolean held, int attempt) {
    Optional<Instant> holdUntil = held ? Optional.of(HOLD_END) : Optional.empty();
    return Jobs.at(Jobs.submission(holdUntil), JobState.STARTING, attempt, Optional.of(CREATED));
  }

  private static RandomGenerator longestPauses() {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("a bound was expected");
      }

      @Override
      public long nextLong(long bound) {
        return bound - 1;
      }
    };
  }

  /** At its second attempt, the first having ended without an answer. */
  private static Job maybeRunning(boolean held) {
    Job first = job(held, 1);
    Change unclear =
        step(true).after(first, new Unclear(OptionalInt.empty(), "hung"), NOW, Outlook.clear(NOW));
    return first
        .after(unclear)
        .flatMap(job -> job.after(new Change.Start(2, NOW, NOW)))
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(
      value = End.class,
      names = {"BUSY", "UNREACHABLE"})
  void jobThatMayHaveStartedIsNeverAgainTakenForNotStarted(End end) {
    Instant late = JOB_END.minusMillis(1); // too late for another attempt
    Change change = step(true).after(maybeRunning(false), end.outcome, late, Outlook.clear(late));

    assertThat(change).isInstanceOf(Change.Unclear.class);
    assertThat(change.wakeAt()).isEqualTo(NOW.plus(LIFETIMES.timeout()));
  }

  @Test
  void noToARepeatedStartMayMeanThatTheFirstArrived() {
    Change change =
        step(true).after(maybeRunning(true), new Refused(409, "exists"), NOW, Outlook.clear(NOW));

    assertThat(change)
        .isInstanceOfSatisfying(
            Change.Unclear.class,
            unclear ->
                assertThat(unclear.ended().detail())
                    .isEqualTo(
                        "The job server said 409 to a repeated start; an earlier attempt may have"
                            + " started the job"));
    assertThat(change.wakeAt()).isEqualTo(NOW.plus(LIFETIMES.timeout()));
  }

  @Test
  void howeverOftenItIsTriedItIsKnownThatItMayHaveStarted() {
    Job job = maybeRunning(false);
    for (int attempt = 3; attempt < 3 + 2 * Job.HISTORY_KEPT; attempt++) {
      Change busy = step(true).after(job, busy(Duration.ofMillis(1)), NOW, Outlook.clear(NOW));
      job = job.after(busy).orElseThrow();
      job = job.after(new Change.Start(attempt, NOW, NOW)).orElseThrow();
      assertThat(job.mayHaveStarted()).isTrue();
    }
  }

  @Test
  void startsAreRepeatedOnlyWhileTheJobMayStart() {
    Instant late = JOB_END.minusMillis(50); // the longest pause ends after it
    Change change =
        step(true)
            .after(
                maybeRunning(false),
                new Unclear(OptionalInt.empty(), "hung"),
                late,
                Outlook.clear(late));

    assertThat(change.wakeAt()).isEqualTo(NOW.plus(LIFETIMES.timeout()));
  }

  @Test
  void attemptThatWasNotSentIsMadeAgainAtOnce() {
    Change change = step(false).notSent(job(true, 1), NOW);

    assertThat(change).isInstanceOf(Change.BackOff.class);
    assertThat(change.wakeAt()).isEqualTo(NOW);
    assertThat(step(true).notSent(maybeRunning(true), NOW)).isInstanceOf(Change.Unclear.class);
  }

  /** A sweeper may have seen the attempt's lease end before its node could write that. */
  @Test
  void attemptThatWasNotSentIsMadeAgainThoughSomebodyNotedItAsUnclear() {
    Job begun = job(true, 1);
    Job noted =
        begun
            .after(new Change.Unclear(new Attempt(1, NOW, Attempt.UNCLEAR, "lost"), JOB_END))
            .orElseThrow();

    Change change = step(false).notSent(noted, NOW);
    assertThat(change).isInstanceOf(Change.BackOff.class);
    Job known = noted.after(change).orElseThrow();
    assertThat(known.mayHaveStarted()).isFalse();
    assertThat(known.attemptsSent()).isZero();
  }

  /** The second attempt is not sent either, and again a sweeper was first. */
  @Test
  void earlierAttemptThatWasNotSentIsNotTakenForOneThatWas() {
    Job job = job(true, 1);
    for (int attempt = 1; attempt <= 2; attempt++) {
      Attempt lost = new Attempt(attempt, NOW, Attempt.UNCLEAR, "lost");
      job = job.after(new Change.Unclear(lost, JOB_END)).orElseThrow();
      Change change = step(false).notSent(job, NOW);
      assertThat(change).isInstanceOf(Change.BackOff.class);
      job = job.after(change).orElseThrow();
      job = job.after(new Change.Start(attempt + 1, NOW, NOW)).orElseThrow();
    }
    assertThat(job.mayHaveStarted()).isFalse();
  }

  @Test
  void attemptsThatWereNotSentAreNotCounted() {
    Job job = job(true, 1);
    for (int attempt = 1; attempt < 2 * LAST; attempt++) {
      job = job.after(step(false).notSent(job, NOW)).orElseThrow();
      job = job.after(new Change.Start(attempt + 1, NOW, NOW)).orElseThrow();
    }
    assertThat(step(false).after(job, busy(Duration.ofMillis(1)), NOW, Outlook.clear(NOW)))
        .isInstanceOf(Change.BackOff.class);
  }

  @ParameterizedTest
  @CsvSource({"REFUSED, 400", "SERVER_ERROR, 500"})
  void answerToTheLastRepeatedStartIsToldAndFreesNoKey(End end, int status) {
    Failure failure =
        failure(
            step(true).after(maybeRunning(false), end.outcome, JOB_END, Outlook.clear(JOB_END)));
    assertThat(failure.upstreamStatus()).hasValue(status);
    assertThat(failure.reason().surelyNotStarted()).isFalse();
  }
}
