package io.asyncproxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Digest;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Failure.Reason;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.job.Progress;
import io.asyncproxy.job.Result;
import io.asyncproxy.job.Submission;
import io.asyncproxy.job.TraceContext;
import io.asyncproxy.job.Transition;
import io.asyncproxy.job.Via;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store must do. A store's own test says how it is opened, and little more. */
public abstract class JobStoreContract extends NotesContract {
  protected static final Lifetimes LIFETIMES =
      new Lifetimes(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));

  protected static Submission submission(String account) {
    return submission(account, NOW, Optional.empty());
  }

  protected static Submission submission(
      String account, Instant createdAt, Optional<IdempotencyKey> key) {
    return new Submission(
        key.map(known -> JobId.create(createdAt.toEpochMilli(), RANDOM, known))
            .orElseGet(() -> JobId.create(createdAt.toEpochMilli(), RANDOM)),
        account,
        bytes("{\"account\":\"" + account + "\"}"),
        createdAt,
        Optional.of(createdAt.plusSeconds(10)),
        key,
        Optional.empty());
  }

  protected static IdempotencyKey key(String value, String body) {
    return new IdempotencyKey("", value, Digest.of(bytes(body)));
  }

  protected static Change finish(String result) {
    return new Change.Finish(new Result(bytes(result), false), NOW, LATER);
  }

  private static Change failed() {
    return new Change.Finish(new Result(bytes("{\"state\":\"failed\"}"), true), NOW, LATER);
  }

  protected static Attempt attempt(int number) {
    return new Attempt(number, NOW, "busy", "The job server is busy: it said 429");
  }

  protected static Change.GiveUp giveUp(Reason reason) {
    Failure failure =
        new Failure(
            reason, OptionalInt.of(418), OptionalInt.of(7), "no tea", Optional.of("<html>"));
    return new Change.GiveUp(attempt(1), failure, NOW, LATER);
  }

  protected static Change.Expire expire() {
    return new Change.Expire(1, new Failure(Reason.NO_CALLBACK, "nothing came"), NOW, LATER);
  }

  private static Change change(Transition transition) {
    return switch (transition) {
      case START -> new Change.Start(2, NOW, LATER);
      case STARTED -> new Change.Started(1, Optional.of("j1"), LATER);
      case PROGRESS -> progressed("{\"percent\":40}");
      case BACK_OFF -> new Change.BackOff(attempt(1), LATER);
      case UNCLEAR -> new Change.Unclear(attempt(1), LATER);
      case OVERDUE ->
          new Change.Overdue(new Attempt(1, NOW, Attempt.OVERDUE, "Its callback is late"), LATER);
      case GIVE_UP -> giveUp(Reason.REFUSED);
      case COMPLETE -> finish("{\"id\":\"1\"}");
      case FAIL -> failed();
      case EXPIRE -> expire();
      case CANCEL -> new Change.Cancel(NOW, LATER);
    };
  }

  private static Change.Progressed progressed(String body) {
    return new Change.Progressed(Progress.of(NOW, bytes(body)), Optional.of("j2"), LATER);
  }

  /** A job at its first attempt, brought to {@code state} by the shortest way. */
  private Job jobIn(JobState state) {
    Job job = Job.starting(submission("a"), LATER);
    await(store.accept(job));
    List<Change> way =
        switch (state) {
          case ACCEPTED -> List.of(new Change.BackOff(attempt(1), LATER));
          case STARTING -> List.of();
          case RUNNING -> List.of(new Change.Started(1, Optional.of("j1"), LATER));
          case COMPLETED -> List.of(finish("{\"id\":\"0\"}"));
          case FAILED -> List.of(failed());
          case CANCELLED -> List.of(new Change.Cancel(NOW, LATER));
          case GIVEN_UP -> List.of(giveUp(Reason.REFUSED));
          case EXPIRED -> List.of(expire());
        };
    Job now = job;
    for (Change change : way) {
      assertThat(await(store.apply(job.id(), change))).isInstanceOf(Verdict.Applied.class);
      now = now.after(change).orElseThrow();
    }
    return now;
  }

  protected Job find(JobId id) {
    return await(store.find(id)).orElseThrow();
  }

  private static void assertSame(Job found, Job expected) {
    assertThat(found)
        .usingRecursiveComparison()
        .withStrictTypeChecking()
        .ignoringCollectionOrder()
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void everyTransitionFromEveryStateGoesAsTheTableSays(JobState state) {
    for (Transition transition : Transition.values()) {
      Job before = jobIn(state);
      Change change = change(transition);
      Verdict verdict = await(store.apply(before.id(), change));
      if (transition.from().contains(state)) {
        assertThat(verdict).as("%s from %s", transition, state).isInstanceOf(Verdict.Applied.class);
        assertSame(find(before.id()), before.after(change).orElseThrow());
      } else {
        assertThat(verdict).as("%s from %s", transition, state).isInstanceOf(Verdict.Refused.class);
        assertSame(((Verdict.Refused) verdict).current(), before);
        assertSame(find(before.id()), before);
      }
    }
  }

  @Test
  void acceptedJobIsFoundAsItWas() {
    Submission submission =
        new Submission(
            JobId.create(NOW.toEpochMilli(), RANDOM, key("k", "b")),
            "ä\uD83D\uDE00'\"",
            bytes("{\"account\":\"ä\"}"),
            NOW,
            Optional.empty(),
            Optional.of(key("k", "b")),
            Optional.of(JobId.create(0, RANDOM)));
    Job job = Job.accepted(submission, LATER);
    assertThat(await(store.accept(job))).isInstanceOf(Acceptance.Created.class);
    assertSame(find(job.id()), job);
  }

  @Test
  void unknownJobIsUnknown() {
    JobId id = JobId.create(NOW.toEpochMilli(), RANDOM);
    assertThat(await(store.find(id))).isEmpty();
    assertThat(await(store.apply(id, finish("{}")))).isInstanceOf(Verdict.Unknown.class);
    assertThat(await(store.discard(id))).isFalse();
  }

  @Test
  void endOfAnOlderAttemptIsRefusedByTheFence() {
    Job job = jobIn(JobState.ACCEPTED);
    await(store.apply(job.id(), new Change.Start(2, NOW, LATER)));
    for (Change stale :
        List.of(
            new Change.Started(1, Optional.of("old"), LATER),
            new Change.BackOff(attempt(1), LATER),
            new Change.Unclear(attempt(1), LATER),
            giveUp(Reason.REFUSED))) {
      assertThat(await(store.apply(job.id(), stale))).isInstanceOf(Verdict.Refused.class);
    }
    assertThat(await(store.apply(job.id(), new Change.Started(2, Optional.empty(), LATER))))
        .isInstanceOf(Verdict.Applied.class);
  }

  @Test
  void expiryThatDidNotSeeTheLatestAttemptIsRefusedAndLeavesTheKey() {
    IdempotencyKey key = key("k", "b");
    Job waiting = Job.accepted(submission("a", NOW, Optional.of(key)), LATER);
    await(store.accept(waiting));
    await(store.apply(waiting.id(), new Change.Start(1, NOW, LATER)));
    Change late =
        new Change.Expire(0, new Failure(Reason.NOT_STARTED, "seen too early"), NOW, LATER);
    assertThat(await(store.apply(waiting.id(), late))).isInstanceOf(Verdict.Refused.class);
    assertThat(find(waiting.id()).state()).isEqualTo(JobState.STARTING);
    Job again = Job.starting(submission("a", NOW, Optional.of(key)), LATER);
    assertThat(await(store.accept(again))).isInstanceOf(Acceptance.Existing.class);
  }

  @Test
  void callbackTellsTheJobServersIdWhereTheStartDidNot() {
    for (JobState state : List.of(JobState.STARTING, JobState.RUNNING)) {
      Job before = jobIn(state);
      Change finish =
          new Change.Finish(new Result(bytes("{}"), false), Optional.of("j2"), NOW, LATER);
      await(store.apply(before.id(), finish));
      assertSame(find(before.id()), before.after(finish).orElseThrow());
      assertThat(find(before.id()).jobServerId()).contains(state == JobState.RUNNING ? "j1" : "j2");
    }
  }

  @Test
  void historyIsKeptInOrder() {
    Job job = jobIn(JobState.STARTING);
    await(store.apply(job.id(), new Change.BackOff(attempt(1), LATER)));
    await(store.apply(job.id(), new Change.Start(2, NOW, LATER)));
    await(store.apply(job.id(), new Change.Unclear(attempt(2), LATER)));
    assertThat(find(job.id()).history()).extracting(Attempt::number).containsExactly(1, 2);
  }

  /** Runs two changes of one job at the same time, and says how many were applied. */
  private int race(Job job, Change first, Change second) throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    List<Verdict> verdicts = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (Change change : List.of(first, second)) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      together.await();
                    } catch (Exception broken) {
                      throw new AssertionError(broken);
                    }
                    verdicts.add(await(store.apply(job.id(), change)));
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(verdicts).hasSize(2);
    return (int) verdicts.stream().filter(Verdict.Applied.class::isInstance).count();
  }

  @Test
  void ofTwoFinishesOneWins() throws Exception {
    for (int i = 0; i < RACES; i++) {
      Job job = jobIn(JobState.RUNNING);
      assertThat(race(job, finish("{\"n\":1}"), finish("{\"n\":2}"))).isEqualTo(1);
      assertThat(find(job.id()).state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void finishAgainstExpireEndsCompletedEitherWay() throws Exception {
    for (int i = 0; i < RACES; i++) {
      Job job = jobIn(JobState.RUNNING);
      assertThat(race(job, finish("{}"), expire())).isIn(1, 2);
      assertThat(find(job.id()).state()).isEqualTo(JobState.COMPLETED);
      assertThat(find(job.id()).failure()).isEmpty();
    }
  }

  @Test
  void ofCancelAndFinishOneWins() throws Exception {
    for (int i = 0; i < RACES; i++) {
      Job job = jobIn(JobState.RUNNING);
      assertThat(race(job, finish("{}"), new Change.Cancel(NOW, LATER))).isEqualTo(1);
      assertThat(find(job.id()).state().isDecided()).isTrue();
    }
  }

  @Test
  void ofTwoStartsOneWins() throws Exception {
    for (int i = 0; i < RACES; i++) {
      Job job = jobIn(JobState.ACCEPTED);
      Change start = new Change.Start(2, NOW, LATER);
      assertThat(race(job, start, start)).isEqualTo(1);
      assertThat(find(job.id()).attempts()).isEqualTo(2);
    }
  }

  @Test
  void ofTwoClaimsOneGetsEachJob() throws Exception {
    for (int i = 0; i < 500; i++) {
      await(store.accept(Job.accepted(submission("a"), NOW)));
    }
    List<JobId> claimed = Collections.synchronizedList(new ArrayList<>());
    CyclicBarrier together = new CyclicBarrier(2);
    List<Thread> threads =
        IntStream.range(0, 2)
            .mapToObj(
                _ ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              try {
                                together.await();
                              } catch (Exception broken) {
                                throw new AssertionError(broken);
                              }
                              for (int n = 1; n > 0; ) {
                                List<Job> jobs =
                                    await(store.claimDue(new Claim(NOW, LATER, LIFETIMES), 7));
                                jobs.forEach(job -> claimed.add(job.id()));
                                n = jobs.size();
                              }
                            }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(claimed).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void claimTakesWhatIsDueOldestFirstAndLeasesIt() {
    Job due = Job.accepted(submission("due"), NOW.minusSeconds(1));
    Job older = Job.starting(submission("older"), NOW.minusSeconds(2));
    Job notYet = Job.accepted(submission("later"), NOW.plusMillis(1));
    List.of(due, older, notYet).forEach(job -> await(store.accept(job)));
    assertThat(await(store.claimDue(new Claim(NOW, LATER, LIFETIMES), 1)))
        .extracting(Job::id)
        .containsExactly(older.id());
    List<Job> claimed = await(store.claimDue(new Claim(NOW, LATER, LIFETIMES), 10));
    assertThat(claimed).extracting(Job::id).containsExactly(due.id());
    assertSame(claimed.getFirst(), due.leasedUntil(LATER));
    assertThat(await(store.claimDue(new Claim(NOW, LATER, LIFETIMES), 10))).isEmpty();
    assertThat(await(store.claimDue(new Claim(LATER, LATER.plusSeconds(1), LIFETIMES), 10)))
        .hasSize(3);
  }

  /** Makes a job unreadable. */
  @FunctionalInterface
  protected interface Garble {
    void job(JobId id) throws Exception;
  }

  /** A job that can't be read keeps no other from its turn, and from no list. */
  protected void assertUnreadableIsPassedOver(Garble garble) throws Exception {
    Job due = Job.accepted(submission("due"), NOW.minusSeconds(1));
    Job broken =
        Job.accepted(
            submission("broken", NOW.plusMillis(1), Optional.empty()), NOW.minusSeconds(2));
    Job later =
        Job.accepted(submission("later", NOW.plusMillis(2), Optional.empty()), NOW.plusSeconds(9));
    List.of(due, broken, later).forEach(job -> await(store.accept(job)));
    garble.job(broken.id());
    assertThat(await(store.claimDue(new Claim(NOW, LATER, LIFETIMES), 1))).isEmpty();
    assertThat(await(store.claimDue(new Claim(NOW, LATER, LIFETIMES), 1)))
        .extracting(Job::id)
        .containsExactly(due.id());
    for (int limit : List.of(1, 2, 9)) {
      assertThat(await(store.list(query(limit))))
          .extracting(Job::id)
          .containsExactlyElementsOf(List.of(later.id(), due.id()).subList(0, Math.min(2, limit)));
    }
  }

  private static JobQuery query(int limit) {
    return new JobQuery(
        EnumSet.allOf(JobState.class), Optional.empty(), Optional.empty(), Optional.empty(), limit);
  }

  @Test
  void claimedJobThatMovesIsDueAtItsNewTimeOnly() {
    Job job = jobIn(JobState.STARTING);
    await(store.apply(job.id(), new Change.BackOff(attempt(1), NOW.plusSeconds(1))));
    assertThat(await(store.claimDue(new Claim(NOW, LATER, LIFETIMES), 10))).isEmpty();
    assertThat(await(store.claimDue(new Claim(NOW.plusSeconds(1), LATER, LIFETIMES), 10)))
        .hasSize(1);
    await(store.apply(job.id(), new Change.Start(2, NOW, LATER.plusSeconds(5))));
    assertThat(await(store.claimDue(new Claim(LATER, LATER.plusSeconds(9), LIFETIMES), 10)))
        .isEmpty();
    assertThat(
            await(
                store.claimDue(
                    new Claim(LATER.plusSeconds(5), LATER.plusSeconds(9), LIFETIMES), 10)))
        .hasSize(1);
  }

  @Test
  void leaseNeverOutlastsTheJob() {
    Job job = Job.accepted(submission("a"), NOW);
    await(store.accept(job));
    Lifetimes brief = new Lifetimes(Duration.ofSeconds(5), Duration.ofDays(1), Duration.ofDays(1));
    assertThat(await(store.claimDue(new Claim(NOW, LATER, brief), 10)))
        .extracting(Job::wakeAt)
        .containsExactly(NOW.plusSeconds(5));
    assertThat(await(store.claimDue(new Claim(NOW.plusSeconds(5), LATER, brief), 10)))
        .extracting(Job::wakeAt)
        .containsExactly(LATER);
  }

  @Test
  void finishedJobsAreNotDue() {
    Job job = jobIn(JobState.COMPLETED);
    assertThat(
            await(
                store.claimDue(
                    new Claim(LATER.plusSeconds(1), LATER.plusSeconds(2), LIFETIMES), 10)))
        .isEmpty();
    assertThat(find(job.id()).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void sameKeyAndBodyAttachesToTheFirstJob() {
    Job first = Job.accepted(submission("a", NOW, Optional.of(key("k", "body"))), LATER);
    Job second = Job.accepted(submission("a", NOW, Optional.of(key("k", "body"))), LATER);
    await(store.accept(first));
    Acceptance acceptance = await(store.accept(second));
    assertThat(acceptance).isInstanceOf(Acceptance.Existing.class);
    assertSame(((Acceptance.Existing) acceptance).job(), first);
    assertThat(await(store.find(second.id()))).isEmpty();

    await(store.apply(first.id(), finish("{\"id\":\"1\"}")));
    assertThat(((Acceptance.Existing) await(store.accept(second))).job().state())
        .isEqualTo(JobState.COMPLETED);
  }

  @Test
  void sameKeyWithAnotherBodyIsRefused() {
    await(store.accept(Job.accepted(submission("a", NOW, Optional.of(key("k", "1"))), LATER)));
    Job other = Job.accepted(submission("a", NOW, Optional.of(key("k", "2"))), LATER);
    assertThat(await(store.accept(other))).isInstanceOf(Acceptance.KeyReused.class);
    assertThat(await(store.find(other.id()))).isEmpty();
  }

  @Test
  void keysOfDifferentScopesAreDifferentKeys() {
    for (String scope : List.of("", "one", "two")) {
      IdempotencyKey key = new IdempotencyKey(scope, "k", Digest.of(bytes("1")));
      Job job = Job.accepted(submission("a", NOW, Optional.of(key)), LATER);
      assertThat(await(store.accept(job))).isInstanceOf(Acceptance.Created.class);
    }
  }

  @Test
  void concurrentRequestsWithOneKeyMakeOneJob() throws Exception {
    for (int round = 0; round < 50; round++) {
      IdempotencyKey key = key("k" + round, "b");
      CyclicBarrier together = new CyclicBarrier(4);
      List<Acceptance> all = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads =
          IntStream.range(0, 4)
              .mapToObj(
                  _ ->
                      Thread.ofPlatform()
                          .start(
                              () -> {
                                try {
                                  together.await();
                                } catch (Exception broken) {
                                  throw new AssertionError(broken);
                                }
                                Submission mine = submission("a", NOW, Optional.of(key));
                                all.add(await(store.accept(Job.accepted(mine, LATER))));
                              }))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(all.stream().filter(Acceptance.Created.class::isInstance)).hasSize(1);
      assertThat(all.stream().filter(Acceptance.Existing.class::isInstance)).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void keyOfAJobThatSurelyDidNotStartIsFreeAgain(Reason reason) {
    IdempotencyKey key = key("k", "b");
    Job first = Job.starting(submission("a", NOW, Optional.of(key)), LATER);
    await(store.accept(first));
    await(store.apply(first.id(), giveUp(reason)));
    Acceptance again =
        await(store.accept(Job.accepted(submission("a", NOW, Optional.of(key)), LATER)));
    if (reason.surelyNotStarted()) {
      assertThat(again).isInstanceOf(Acceptance.Created.class);
    } else {
      assertThat(again).isInstanceOf(Acceptance.Existing.class);
    }
  }

  @Test
  void purgeForgetsWhatIsOverInBatchesAndLeavesNothingBehind() {
    for (int i = 0; i < 10; i++) {
      Job job = Job.starting(submission("a", NOW, Optional.of(key("k" + i, "b"))), LATER);
      await(store.accept(job));
      Change end = i % 3 == 0 ? finish("{}") : i % 3 == 1 ? expire() : giveUp(Reason.INVALID);
      await(store.apply(job.id(), end));
      await(store.keepConflict(job.id(), new Conflict(NOW, bytes("{\"other\":1}"))));
    }
    assertThat(await(store.purge(LATER.minusMillis(1), 100))).isZero();
    assertThat(await(store.purge(LATER, 7))).isEqualTo(7);
    assertThat(await(store.purge(LATER, 7))).isEqualTo(3);
    assertThat(await(store.purge(LATER, 7))).isZero();
    await(
        store.claimDue(new Claim(LATER.plusSeconds(100), LATER.plusSeconds(200), LIFETIMES), 100));
    assertThat(rowsLeft()).isZero();
  }

  private Job ended(Change end) {
    Job job = Job.starting(submission("a", NOW, Optional.empty()), LATER);
    await(store.accept(job));
    await(store.apply(job.id(), end));
    return job;
  }

  private void owe(Job job) {
    String about = job.id().toString();
    await(store.notes().put(new Note(Note.Kind.DELIVERY, job.id(), about, LATER, bytes("{}"))));
  }

  @Test
  void purgeForgetsNoJobWhoseResultIsToBeDelivered() {
    Job owed = ended(finish("{}"));
    Job told = ended(expire());
    Job other = ended(finish("{}"));
    owe(owed);
    owe(told);
    await(store.purge(LATER, 100));
    assertThat(await(store.find(owed.id())).orElseThrow().result()).isPresent();
    assertThat(await(store.find(told.id()))).isPresent();
    assertThat(await(store.find(other.id()))).isEmpty();
    assertThat(await(store.purge(LATER, 100))).isZero();
    await(store.notes().remove(Note.Kind.DELIVERY, owed.id()));
    await(store.notes().remove(Note.Kind.DELIVERY, told.id()));
    assertThat(await(store.purge(LATER.plus(JobStore.PUT_OFF), 100))).isEqualTo(2);
    await(
        store.claimDue(new Claim(LATER.plusSeconds(100), LATER.plusSeconds(200), LIFETIMES), 100));
    assertThat(rowsLeft()).isZero();
  }

  @Test
  void jobsWhoseResultsAreToBeDeliveredKeepNoOtherFromBeingForgotten() {
    for (int i = 0; i < 10; i++) {
      owe(ended(finish("{}")));
    }
    Job other = ended(finish("{}"));
    for (int i = 0; i < 4; i++) {
      await(store.purge(LATER, 3));
    }
    assertThat(await(store.find(other.id()))).isEmpty();
  }

  private long rowsLeft() {
    try {
      return rows();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void purgeNeverForgetsUnfinishedJobs() {
    Job job = jobIn(JobState.RUNNING);
    assertThat(await(store.purge(LATER.plusSeconds(1000), 100))).isZero();
    assertThat(await(store.find(job.id()))).isPresent();
  }

  @Test
  void listIsNewestFirstInPagesByStateAccountAndReason() {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      Submission submission =
          submission(i % 2 == 0 ? "even" : "odd", NOW.plusMillis(i), Optional.empty());
      await(store.accept(Job.starting(submission, LATER)));
      ids.addFirst(submission.id());
      if (i % 3 == 0) {
        await(store.apply(submission.id(), giveUp(i == 0 ? Reason.BUSY : Reason.REFUSED)));
      }
    }
    Set<JobState> all = EnumSet.allOf(JobState.class);
    assertThat(list(all, Optional.empty(), Optional.empty(), Optional.empty(), 100)).isEqualTo(ids);
    assertThat(list(all, Optional.empty(), Optional.empty(), Optional.empty(), 4))
        .isEqualTo(ids.subList(0, 4));
    assertThat(list(all, Optional.empty(), Optional.empty(), Optional.of(ids.get(3)), 4))
        .isEqualTo(ids.subList(4, 8));
    assertThat(list(all, Optional.of("odd"), Optional.empty(), Optional.empty(), 100)).hasSize(4);
    Set<JobState> dead = EnumSet.of(JobState.GIVEN_UP, JobState.EXPIRED);
    assertThat(list(dead, Optional.empty(), Optional.empty(), Optional.empty(), 100)).hasSize(3);
    assertThat(list(dead, Optional.empty(), Optional.of(Reason.BUSY), Optional.empty(), 100))
        .hasSize(1);
  }

  @Test
  void listReadsOnWhereManyDoNotMatchOrWereMadeAtOnce() {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 450; i++) { // in one shard, and more than are read of it at once
      JobId id = new JobId(NOW.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L | i << 16);
      String account = i == 0 ? "oldest" : "other";
      Submission one = new Submission(id, account, bytes("{}"), NOW, Optional.empty());
      await(store.accept(Job.starting(one, LATER)));
      ids.addFirst(id);
    }
    Set<JobState> all = EnumSet.allOf(JobState.class);
    assertThat(list(all, Optional.empty(), Optional.empty(), Optional.empty(), 1_000))
        .isEqualTo(ids);
    assertThat(list(all, Optional.empty(), Optional.empty(), Optional.of(ids.get(420)), 1_000))
        .isEqualTo(ids.subList(421, 450));
    assertThat(list(all, Optional.of("oldest"), Optional.empty(), Optional.empty(), 1))
        .isEqualTo(ids.subList(449, 450));
  }

  private List<JobId> list(
      Set<JobState> states,
      Optional<String> account,
      Optional<Reason> reason,
      Optional<JobId> before,
      int limit) {
    return await(store.list(new JobQuery(states, account, reason, before, limit))).stream()
        .map(Job::id)
        .toList();
  }

  @Test
  void discardForgetsDeadLettersOnly() {
    Job running = jobIn(JobState.RUNNING);
    Job completed = jobIn(JobState.COMPLETED);
    Job dead = jobIn(JobState.GIVEN_UP);
    assertThat(await(store.discard(running.id()))).isFalse();
    assertThat(await(store.discard(completed.id()))).isFalse();
    assertThat(await(store.discard(dead.id()))).isTrue();
    assertThat(await(store.discard(dead.id()))).isFalse();
    assertThat(await(store.find(dead.id()))).isEmpty();
  }

  @Test
  void conflictsAreKeptInOrderAndBounded() {
    Job job = jobIn(JobState.COMPLETED);
    for (int i = 0; i < Conflict.KEPT_PER_JOB + 3; i++) {
      await(store.keepConflict(job.id(), new Conflict(NOW, bytes("{\"n\":" + i + "}"))));
    }
    assertThat(await(store.conflicts(job.id())))
        .hasSize(Conflict.KEPT_PER_JOB)
        .first()
        .satisfies(first -> assertThat(first.body()).asString().isEqualTo("{\"n\":0}"));
  }

  @Test
  void secretIsTheFirstOneGiven() {
    assertThat(await(store.secret("s", "one"))).isEqualTo("one");
    assertThat(await(store.secret("s", "two"))).isEqualTo("one");
    assertThat(await(store.secret("t", "two"))).isEqualTo("two");
  }

  /** What a watcher heard. */
  private record Heard(JobId id, JobState state, Optional<Outcome> outcome) {}

  @Test
  void watcherHearsOfEveryChangeAndOfNoRefusedOne() {
    List<Heard> heard = Collections.synchronizedList(new ArrayList<>());
    store.watch((id, state, outcome) -> heard.add(new Heard(id, state, outcome)));
    Job job = jobIn(JobState.RUNNING);
    await(store.apply(job.id(), finish("{\"id\":\"1\"}")));
    await(store.apply(job.id(), new Change.Cancel(NOW, LATER)));
    assertThat(heard)
        .extracting(Heard::state)
        .containsExactly(JobState.STARTING, JobState.RUNNING, JobState.COMPLETED);
    assertThat(heard.getLast().outcome()).get().isInstanceOf(Outcome.Arrived.class);
  }

  @Test
  void resultOfOneMegabyteIsKeptByteForByte() {
    Job job = jobIn(JobState.RUNNING);
    byte[] large = bytes("{\"x\":\"" + "ö".repeat(500_000) + "\"}");
    await(store.apply(job.id(), new Change.Finish(new Result(large, false), NOW, LATER)));
    assertThat(find(job.id()).result().orElseThrow().body()).isEqualTo(large);
  }

  @Test
  void checkSaysThatAllIsWell() {
    assertThat(await(store.check().map(true))).isTrue();
  }

  @Test
  void ownerRouteAndMessageIdComeBack() {
    Submission plain = submission("a");
    Submission owned =
        new Submission(
            plain.id(),
            plain.account(),
            plain.body(),
            plain.createdAt(),
            plain.holdUntil(),
            plain.key(),
            plain.replayOf(),
            "billing",
            new Via(
                "render",
                "{\"query\":\"a=b\"}",
                true,
                TraceContext.parse(
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=x")));
    await(store.accept(Job.starting(owned, LATER)));
    String head = "content-type: image/png\nx-pages: 3";
    Result result = new Result(new byte[] {0, -1, 7}, false, Optional.of("msg_1"), head);
    await(store.apply(owned.id(), new Change.Finish(result, NOW, LATER)));
    Job found = await(store.find(owned.id())).orElseThrow();
    assertThat(found.submission().owner()).isEqualTo("billing");
    assertThat(found.submission().via()).isEqualTo(owned.via());
    assertThat(found.result().orElseThrow().messageId()).contains("msg_1");
    assertThat(found.result().orElseThrow().head()).isEqualTo(head);
    assertThat(found.result().orElseThrow().body()).containsExactly(0, -1, 7);
  }

  @Test
  void progressIsKeptUntilTheNext() {
    Job job = jobIn(JobState.STARTING);
    await(store.apply(job.id(), progressed("{\"percent\":1}")));
    await(store.apply(job.id(), progressed("{\"percent\":2}")));
    await(store.apply(job.id(), finish("{\"id\":\"j2\"}")));
    Job found = find(job.id());
    assertThat(found.progress().orElseThrow().body()).isEqualTo(bytes("{\"percent\":2}"));
    assertThat(found.progress().orElseThrow().at()).isEqualTo(NOW);
    assertThat(found.jobServerId()).contains("j2");
  }
}
