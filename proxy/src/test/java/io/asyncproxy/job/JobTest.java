package io.asyncproxy.job;

import static io.asyncproxy.job.Jobs.CREATED;
import static io.asyncproxy.job.Jobs.attempt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Failure.Reason;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which change may happen to a job, and what it writes. */
class JobTest {
  private static final int ATTEMPT = 3;
  private static final Instant NOW = CREATED.plusSeconds(5);
  private static final Instant WAKE = CREATED.plusSeconds(60);
  private static final Failure FAILURE = Jobs.failure(Reason.BUSY);
  private static final Result RESULT = new Result("{\"id\":\"1\"}".getBytes(UTF_8), false);
  private static final Result FAILED =
      new Result("{\"id\":\"1\",\"state\":\"failed\"}".getBytes(UTF_8), true);

  /** Every change that belongs to an attempt, as it is for {@code attempt}. */
  private static List<Change> fenced(int attempt) {
    return List.of(
        new Change.Start(attempt + 1, NOW, WAKE),
        new Change.Started(attempt, Optional.of("4499"), WAKE),
        new Change.BackOff(attempt(attempt), WAKE),
        new Change.Unclear(attempt(attempt), WAKE),
        new Change.Overdue(attempt(attempt), WAKE),
        new Change.Expire(attempt, FAILURE, NOW, WAKE),
        new Change.GiveUp(attempt(attempt), FAILURE, NOW, WAKE));
  }

  /** Every change that does not. */
  private static List<Change> unfenced() {
    return List.of(
        new Change.Progressed(Progress.of(NOW, new byte[] {'1'}), Optional.of("4499"), WAKE),
        new Change.Finish(RESULT, NOW, WAKE),
        new Change.Finish(FAILED, NOW, WAKE),
        new Change.Cancel(NOW, WAKE));
  }

  private static Stream<Change> all() {
    return Stream.concat(fenced(ATTEMPT).stream(), unfenced().stream());
  }

  @Test
  void changesOfTheseTestsMakeEveryMove() {
    assertThat(all().map(Change::transition)).containsExactlyInAnyOrder(Transition.values());
    assertThat(all().map(Object::getClass).distinct())
        .hasSameSizeAs(Change.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("all")
  void changeOfTheJobsOwnAttemptIsAllowedInTheStatesOfItsMoveOnly(Change change) {
    EnumSet<JobState> allowed = EnumSet.noneOf(JobState.class);
    for (JobState state : JobState.values()) {
      Optional<Job> after = job(state).after(change);
      assertThat(job(state).allows(change)).isEqualTo(after.isPresent());
      after.ifPresent(
          job -> {
            allowed.add(state);
            assertThat(job.state()).isEqualTo(change.transition().to());
            assertThat(job.wakeAt()).isEqualTo(WAKE);
          });
    }
    assertThat(allowed).isEqualTo(change.transition().from());
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void changeOfAnotherAttemptIsNeverAllowed(JobState state) {
    for (int other : new int[] {0, 1, ATTEMPT - 1, ATTEMPT + 1, 1000}) {
      assertThat(fenced(other)).noneMatch(job(state)::allows);
      assertThat(fenced(other)).allMatch(change -> job(state).after(change).isEmpty());
    }
  }

  @Test
  void fenceComparesNumbersBeyondTheIntegerCache() {
    Job job = Jobs.in(JobState.STARTING, 1000, Optional.of(CREATED));

    assertThat(fenced(1000))
        .filteredOn(change -> change.transition().from().contains(JobState.STARTING))
        .hasSizeGreaterThan(3)
        .allMatch(job::allows);
  }

  @ParameterizedTest
  @EnumSource(
      value = JobState.class,
      names = {"COMPLETED", "FAILED", "CANCELLED"})
  void decidedIsFinal(JobState state) {
    assertThat(all()).noneMatch(job(state)::allows);
  }

  @Test
  void acceptedJobHasNoAttemptAndItsLease() {
    Submission submission = Jobs.submission(Optional.empty());

    assertSame(
        Job.accepted(submission, WAKE),
        new Expected(Jobs.at(submission, JobState.ACCEPTED, 0, Optional.empty())).job());
  }

  @Test
  void startingJobIsAtItsFirstAttemptSentWhenItWasMade() {
    Submission submission = Jobs.submission(Optional.empty());

    assertSame(
        Job.starting(submission, WAKE),
        new Expected(Jobs.at(submission, JobState.STARTING, 1, Optional.of(CREATED))).job());
  }

  @Test
  void startCountsTheAttemptAndKeepsWhenItWasSent() {
    Expected expected = new Expected(job(JobState.ACCEPTED));
    expected.state = JobState.STARTING;
    expected.attempts = ATTEMPT + 1;
    expected.startedAt = Optional.of(NOW);

    assertAfter(JobState.ACCEPTED, new Change.Start(ATTEMPT + 1, NOW, WAKE), expected);
  }

  @Test
  void startedKeepsTheJobServersName() {
    Expected expected = new Expected(job(JobState.STARTING));
    expected.state = JobState.RUNNING;
    expected.jobServerId = Optional.of("4499");

    assertAfter(
        JobState.STARTING, new Change.Started(ATTEMPT, Optional.of("4499"), WAKE), expected);
  }

  @Test
  void backOffRemembersTheAttemptAndThatNothingStarted() {
    Expected expected = new Expected(job(JobState.STARTING));
    expected.state = JobState.ACCEPTED;
    expected.startedAt = Optional.empty();
    expected.history = List.of(attempt(ATTEMPT));

    assertAfter(JobState.STARTING, new Change.BackOff(attempt(ATTEMPT), WAKE), expected);
  }

  @Test
  void unclearRemembersTheAttemptAndWhenItMayHaveStarted() {
    Expected expected = new Expected(job(JobState.STARTING));
    expected.history = List.of(attempt(ATTEMPT));

    assertAfter(JobState.STARTING, new Change.Unclear(attempt(ATTEMPT), WAKE), expected);
  }

  @Test
  void giveUpKeepsTheRequestAndTheReason() {
    Expected expected = new Expected(job(JobState.STARTING));
    expected.state = JobState.GIVEN_UP;
    expected.finishedAt = Optional.of(NOW);
    expected.failure = Optional.of(FAILURE);
    expected.history = List.of(attempt(ATTEMPT));

    assertAfter(
        JobState.STARTING, new Change.GiveUp(attempt(ATTEMPT), FAILURE, NOW, WAKE), expected);
  }

  @Test
  void expiryKeepsTheRequestAndTheReason() {
    Expected expected = new Expected(job(JobState.RUNNING));
    expected.state = JobState.EXPIRED;
    expected.finishedAt = Optional.of(NOW);
    expected.failure = Optional.of(FAILURE);

    assertAfter(JobState.RUNNING, new Change.Expire(ATTEMPT, FAILURE, NOW, WAKE), expected);
  }

  @Test
  void resultIsKeptAndTheRequestDropped() {
    Expected expected = new Expected(job(JobState.RUNNING));
    expected.state = JobState.COMPLETED;
    expected.submission = expected.submission.withoutBody();
    expected.finishedAt = Optional.of(NOW);
    expected.result = Optional.of(RESULT);

    assertAfter(JobState.RUNNING, new Change.Finish(RESULT, NOW, WAKE), expected);
  }

  @Test
  void resultThatSaysFailedIsKeptAsWell() {
    Job failed = job(JobState.RUNNING).after(new Change.Finish(FAILED, NOW, WAKE)).orElseThrow();

    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(failed.result()).contains(FAILED);
    assertThat(failed.failure()).isEmpty();
  }

  @Test
  void cancelDropsTheRequest() {
    Expected expected = new Expected(job(JobState.ACCEPTED));
    expected.state = JobState.CANCELLED;
    expected.submission = expected.submission.withoutBody();
    expected.finishedAt = Optional.of(NOW);

    assertAfter(JobState.ACCEPTED, new Change.Cancel(NOW, WAKE), expected);
  }

  @Test
  void lateResultTakesTheReasonOfGivingUpAway() {
    Instant later = NOW.plusSeconds(100);
    Job completed =
        job(JobState.RUNNING)
            .after(new Change.Expire(ATTEMPT, FAILURE, NOW, WAKE))
            .flatMap(expired -> expired.after(new Change.Finish(RESULT, later, WAKE)))
            .orElseThrow();

    assertThat(completed.failure()).isEmpty();
    assertThat(completed.result()).contains(RESULT);
    assertThat(completed.finishedAt()).contains(later);
    assertThat(completed.submission().body()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void onlyDecidedJobsDropTheRequestBody(Change change) {
    Arrays.stream(JobState.values())
        .flatMap(state -> job(state).after(change).stream())
        .forEach(
            after ->
                assertThat(after.submission().body().length == 0)
                    .isEqualTo(after.state().isDecided()));
  }

  @Test
  void withoutItsBodyASubmissionStaysTheSame() {
    Submission whole =
        new Submission(
            Jobs.id(),
            "a",
            new byte[] {1},
            CREATED,
            Optional.of(NOW),
            Optional.of(new IdempotencyKey("s", "k", Digest.of(new byte[0]))),
            Optional.of(Jobs.id()));

    assertThat(whole.withoutBody())
        .usingRecursiveComparison()
        .ignoringFields("body")
        .isEqualTo(whole);
  }

  @Test
  void historyKeepsTheLastFiftyAttempts() {
    Job job = Jobs.in(JobState.STARTING, 1, Optional.of(CREATED));
    for (int n = 1; n <= 60; n++) {
      job = job.after(new Change.Unclear(attempt(n), WAKE)).orElseThrow();
      job = job.after(new Change.Start(n + 1, NOW, WAKE)).orElseThrow();
    }

    assertThat(job.history().stream().map(Attempt::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(11, 60).boxed().toList());
  }

  @Test
  void leaseMovesTheWakeTimeAndNothingElse() {
    Job job = job(JobState.RUNNING);

    assertSame(job.leasedUntil(WAKE), new Expected(job).job());
  }

  private static Job job(JobState state) {
    return Jobs.in(state, ATTEMPT, Optional.of(CREATED));
  }

  private static void assertAfter(JobState before, Change change, Expected expected) {
    Job after =
        new Job(
                expected.submission.body().length > 0
                    ? expected.submission
                    : withBody(expected.submission),
                before,
                ATTEMPT,
                CREATED,
                Optional.of(CREATED),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of())
            .after(change)
            .orElseThrow();
    assertSame(after, expected.job());
  }

  private static Submission withBody(Submission s) {
    return new Submission(
        s.id(), s.account(), new byte[] {1}, s.createdAt(), s.holdUntil(), s.key(), s.replayOf());
  }

  private static void assertSame(Job actual, Job expected) {
    assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
  }

  /** A job as it should be: a copy of another one, to be changed, that wakes at {@code WAKE}. */
  private static final class Expected {
    private Submission submission;
    private JobState state;
    private int attempts;
    private Optional<Instant> startedAt;
    private Optional<Instant> finishedAt = Optional.empty();
    private Optional<String> jobServerId = Optional.empty();
    private Optional<Result> result = Optional.empty();
    private Optional<Failure> failure = Optional.empty();
    private List<Attempt> history = List.of();

    Expected(Job job) {
      submission = job.submission();
      state = job.state();
      attempts = job.attempts();
      startedAt = job.startedAt();
    }

    Job job() {
      return new Job(
          submission,
          state,
          attempts,
          WAKE,
          startedAt,
          finishedAt,
          jobServerId,
          result,
          failure,
          history);
    }
  }
}
