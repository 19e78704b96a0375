package io.asyncproxy.sweep;

import static io.asyncproxy.job.Jobs.CREATED;
import static io.asyncproxy.job.Jobs.LIFETIMES;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.loop.HandMovedTime;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.memory.MemoryJobStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One round of the sweeper does all that is due, by a clock that the test moves. */
class SweeperTest {
  private static final Vertx VERTX = Vertx.vertx();

  private final MemoryJobStore store = new MemoryJobStore(10_000_000);
  private final List<Job> overdue = new ArrayList<>();
  private final List<Job> started = new ArrayList<>();
  private Instant now = CREATED;
  private final HandMovedTime time = new HandMovedTime();
  private final Sweeper sweeper =
      new Sweeper(
          new EventLoop(VERTX.getOrCreateContext(), time.deadlines()),
          new Sweeper.Surroundings(
              store,
              () -> now,
              _ -> new Sweeper.Terms(LIFETIMES, false, true),
              started::add,
              overdue::add,
              List.of()));

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  @Test
  void startsWhatIsDueAndNothingElse() {
    Job job = accepted();

    sweepAt(job.wakeAt().minusMillis(1));
    assertThat(started).isEmpty();
    sweepAt(job.wakeAt());
    assertThat(started).extracting(Job::id).containsExactly(job.id());
  }

  @Test
  void purgeThatDoesNotCatchUpRestsLess() {
    assertThat(Sweeper.rests(0)).isEqualTo(3);
    assertThat(Sweeper.rests(199)).isEqualTo(3);
    assertThat(Sweeper.rests(200)).isEqualTo(1);
    assertThat(Sweeper.rests(1_000_000)).isEqualTo(1);
  }

  @Test
  void purgeOfManyBatchesIsOverInTheEndAndTheNextOneBegins() {
    int many = 100_000;
    AtomicInteger purges = new AtomicInteger();
    Sweeper purging =
        purging(() -> Future.succeededFuture(purges.incrementAndGet() < many ? 100 : 0));
    purging.sweep().await();
    for (int i = 0; purges.get() < many && i < 2 * many; i++) {
      time.pass(Duration.ofMillis(1));
    }
    assertThat(purges).hasValue(many);
    purging.sweep().await();
    assertThat(purges).as("a further purge").hasValue(many + 1);
  }

  @Test
  void purgeThatThrowsIsFollowedByAnother() {
    AtomicInteger purges = new AtomicInteger();
    Sweeper purging =
        purging(
            () -> {
              purges.incrementAndGet();
              throw new IllegalStateException("no store");
            });
    purging.sweep().await();
    purging.sweep().await();
    assertThat(purges).hasValue(2);
  }

  private static void onLoop(Context loop, Runnable action) {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(
        _ -> {
          action.run();
          done.complete();
        });
    done.future().await();
  }

  @Test
  void clockThatIsSetBackStopsNothing() {
    AtomicInteger rounds = new AtomicInteger();
    Supplier<Future<?>> chore =
        () -> {
          rounds.incrementAndGet();
          return Future.succeededFuture();
        };
    Context loop = VERTX.getOrCreateContext();
    Sweeper busy = sweeper(loop, store, List.of(chore));
    busy.start();
    Runnable second =
        () -> {
          now = now.plusSeconds(1);
          time.pass(Duration.ofSeconds(1));
        };
    onLoop(loop, second);
    onLoop(loop, second);
    int before = rounds.get();
    assertThat(before).isPositive();
    now = now.minusSeconds(3600);
    for (int i = 0; i < 5; i++) {
      onLoop(loop, second);
    }
    assertThat(rounds.get()).isGreaterThan(before + 1);
  }

  @Test
  void choreThatThrowsIsTriedAgainAndSoAreTheOthers() {
    AtomicInteger wrong = new AtomicInteger();
    AtomicInteger right = new AtomicInteger();
    Sweeper busy =
        sweeper(
            store,
            List.of(
                () -> {
                  wrong.incrementAndGet();
                  throw new IllegalStateException("no store");
                },
                () -> {
                  right.incrementAndGet();
                  return Future.succeededFuture();
                }));
    busy.sweep().await();
    time.pass(Duration.ofSeconds(1));
    busy.sweep().await();
    assertThat(wrong).hasValue(2);
    assertThat(right).hasValue(2);
  }

  /** A sweeper whose store is purged by {@code purge}. */
  private Sweeper purging(Supplier<Future<Integer>> purge) {
    JobStore purged =
        (JobStore)
            Proxy.newProxyInstance(
                JobStore.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (_, method, arguments) ->
                    method.getName().equals("purge")
                        ? purge.get()
                        : method.invoke(store, arguments));
    return sweeper(purged, List.of());
  }

  private Sweeper sweeper(JobStore swept, List<Supplier<Future<?>>> chores) {
    return sweeper(VERTX.getOrCreateContext(), swept, chores);
  }

  private Sweeper sweeper(Context loop, JobStore swept, List<Supplier<Future<?>>> chores) {
    return new Sweeper(
        new EventLoop(loop, time.deadlines()),
        new Sweeper.Surroundings(
            swept,
            () -> now,
            _ -> new Sweeper.Terms(LIFETIMES, false, true),
            started::add,
            overdue::add,
            chores));
  }

  @Test
  void claimedJobIsLeftAloneUntilItsLeaseIsOver() {
    Job job = accepted();

    sweepAt(job.wakeAt());
    sweepAt(job.wakeAt().plusSeconds(29));
    assertThat(started).hasSize(1);
    sweepAt(job.wakeAt().plusSeconds(30));
    assertThat(started).hasSize(2);
  }

  @Test
  void attemptThatNobodySawTheEndOfAwaitsItsCallbackAndThenExpires() {
    Job job = Jobs.starting();
    store.accept(job).await();

    sweepAt(job.wakeAt());
    assertThat(find(job.id()).state()).isEqualTo(JobState.STARTING);
    assertThat(find(job.id()).history()).hasSize(1);
    assertThat(find(job.id()).wakeAt()).isEqualTo(CREATED.plus(LIFETIMES.timeout()));

    sweepAt(CREATED.plus(LIFETIMES.timeout()));
    assertThat(find(job.id()).state()).isEqualTo(JobState.EXPIRED);
    assertThat(started).isEmpty();
  }

  @Test
  void jobWithoutCallbackExpiresAndIsForgottenInTheEnd() {
    Job job = Jobs.starting();
    store.accept(job).await();
    Instant end = CREATED.plus(LIFETIMES.timeout());
    store.apply(job.id(), new Change.Started(1, Optional.of("4499"), end)).await();

    sweepAt(end.minusMillis(1));
    assertThat(find(job.id()).state()).isEqualTo(JobState.RUNNING);
    sweepAt(end);
    assertThat(find(job.id()).state()).isEqualTo(JobState.EXPIRED);
    assertThat(find(job.id()).failure()).map(Failure::reason).contains(Failure.Reason.NO_CALLBACK);

    sweepAt(end.plus(LIFETIMES.deadLetterRetention()).minusMillis(1));
    assertThat(store.find(job.id()).await()).isPresent();
    sweepAt(end.plus(LIFETIMES.deadLetterRetention()));
    assertThat(store.find(job.id()).await()).isEmpty();
  }

  @Test
  void decidedJobIsForgottenAfterItsRetention() {
    Job job = accepted();
    Instant end = CREATED.plus(LIFETIMES.retention());
    store.apply(job.id(), new Change.Finish(Jobs.result("{}"), CREATED, end)).await();

    sweepAt(end.minusMillis(1));
    assertThat(store.find(job.id()).await()).isPresent();
    sweepAt(end);
    assertThat(store.find(job.id()).await()).isEmpty();
  }

  @Test
  void allThatIsDueIsTakenAndAllThatIsOverForgottenBatchByBatch() {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 1201; i++) {
      ids.add(accepted().id());
    }

    sweepAt(CREATED.plus(Duration.ofMinutes(1)));
    assertThat(started).extracting(Job::id).containsExactlyInAnyOrderElementsOf(ids);

    for (JobId id : ids) {
      store.apply(id, new Change.Cancel(now, now)).await();
    }
    sweepAt(now);
    assertThat(ids).anyMatch(id -> store.find(id).await().isPresent());
    time.pass(Duration.ofSeconds(10));
    assertThat(ids).noneMatch(id -> store.find(id).await().isPresent());
  }

  private Job accepted() {
    Job job = Jobs.accepted();
    store.accept(job).await();
    return job;
  }

  private Job find(JobId id) {
    return store.find(id).await().orElseThrow();
  }

  private void sweepAt(Instant time) {
    now = time;
    sweeper.sweep().await();
  }
}
