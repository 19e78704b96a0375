package io.asyncproxy.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncproxy.Eventually;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Digest;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.job.Submission;
import io.asyncproxy.store.Conflict;
import io.asyncproxy.store.StoreUnavailableException;
import io.asyncproxy.store.embedded.FaultAt.Moment;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.SQLiteErrorCode;

/** A disk that fails at every possible moment of a batch: who is told what, and what is kept. */
@Timeout(60)
class StoreFaultTest {
  private static final int FINISHED = 4;
  private static final int NEW = 6;

  /** One write alone, then a batch of results, new jobs, and conflicts. */
  private static final int WRITES = 1 + FINISHED + NEW + 1;

  @TempDir private Path folder;
  private final List<String> stops = new CopyOnWriteArrayList<>();

  static Stream<Arguments> moments() {
    return Stream.of(
            IntStream.rangeClosed(1, WRITES).mapToObj(n -> Arguments.of(Moment.BEFORE_WRITE, n)),
            IntStream.rangeClosed(1, 2).mapToObj(n -> Arguments.of(Moment.BEFORE_COMMIT, n)),
            IntStream.rangeClosed(1, 2).mapToObj(n -> Arguments.of(Moment.AFTER_COMMIT, n)))
        .flatMap(all -> all);
  }

  @ParameterizedTest
  @MethodSource("moments")
  void ioErrorStopsTheProcessOnceAndNothingAcknowledgedIsLost(Moment moment, int nth)
      throws Exception {
    FaultAt faults = new FaultAt(moment, SQLiteErrorCode.SQLITE_IOERR);
    Scenario scenario = new Scenario(open(faults), faults);
    scenario.write(nth);
    assertThat(scenario.failures()).isNotEmpty().allMatch(StoreFaultTest::saysWhatIsWrong);
    Eventually.that(() -> assertThat(stops).hasSize(1));
    assertThat(stops.getFirst()).contains("can't be written").contains("IOERR");
    assertThatThrownBy(() -> await(scenario.store.check()))
        .isInstanceOf(StoreUnavailableException.class);
    await(scenario.store.close());
    assertThat(stops).hasSize(1);
    try (Reopened reopened = new Reopened()) {
      scenario.checkKept(reopened.store, moment == Moment.AFTER_COMMIT);
      assertNothingHalfWritten();
    }
  }

  @ParameterizedTest
  @MethodSource("moments")
  void fullDiskIsToldToItsBatchAndTheNextOneSucceeds(Moment moment, int nth) throws Exception {
    FaultAt faults = new FaultAt(moment, SQLiteErrorCode.SQLITE_FULL);
    Scenario scenario = new Scenario(open(faults), faults);
    scenario.write(nth);
    assertThat(scenario.failures())
        .isNotEmpty()
        .allMatch(failure -> "the disk is full".equals(failure.getMessage()));
    await(scenario.store.check());
    Job after = job("after", Optional.empty());
    await(scenario.store.accept(after));
    await(scenario.store.close());
    assertThat(stops).isEmpty();
    try (Reopened reopened = new Reopened()) {
      assertThat(await(reopened.store.find(after.id()))).isPresent();
      scenario.checkKept(reopened.store, moment == Moment.AFTER_COMMIT);
      assertNothingHalfWritten();
    }
  }

  @Test
  void errorOfJavaIsToldAndStopsTheProcessToo() throws Exception {
    CommitFaults faults =
        new CommitFaults() {
          @Override
          public void beforeCommit() {
            throw new StackOverflowError("too deep");
          }
        };
    EmbeddedJobStore store = open(faults);
    assertThatThrownBy(() -> await(store.accept(job("a", Optional.empty()))))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("too deep");
    Eventually.that(() -> assertThat(stops).hasSize(1));
    await(store.close());
  }

  private static boolean saysWhatIsWrong(Throwable failure) {
    return failure instanceof StoreUnavailableException
        && String.valueOf(failure.getMessage()).startsWith("the store ");
  }

  private EmbeddedJobStore open(CommitFaults faults) {
    return EmbeddedJobStore.open(folder, InstantSource.fixed(Jobs.CREATED), stops::add, faults);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }

  private static Job job(String account, Optional<IdempotencyKey> key) {
    Submission plain = Jobs.submission(Optional.empty());
    Submission submission =
        new Submission(
            plain.id(),
            account,
            plain.body(),
            plain.createdAt(),
            Optional.empty(),
            key,
            Optional.empty());
    return Job.starting(submission, Jobs.CREATED.plusSeconds(35));
  }

  private static Optional<IdempotencyKey> key(int n) {
    return Optional.of(new IdempotencyKey("", "key-" + n, Digest.of(new byte[] {(byte) n})));
  }

  private void assertNothingHalfWritten() throws Exception {
    for (String count :
        List.of(
            "SELECT count(*) FROM keys WHERE job NOT IN (SELECT id FROM jobs)",
            "SELECT count(*) FROM jobs WHERE key IS NOT NULL AND id NOT IN (SELECT job FROM keys)",
            "SELECT count(*) FROM attempts WHERE job NOT IN (SELECT id FROM jobs)",
            "SELECT count(*) FROM conflicts WHERE job NOT IN (SELECT id FROM jobs)",
            "SELECT count(*) FROM jobs WHERE (state=3)<>(result IS NOT NULL)")) {
      assertThat(number(count)).as(count).isZero();
    }
  }

  private long number(String sql) throws Exception {
    try (Connection connection = Connections.reader(folder.resolve("jobs.db"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    }
  }

  /** The store as the next process finds it. */
  private final class Reopened implements AutoCloseable {
    private final EmbeddedJobStore store = open(CommitFaults.NONE);

    @Override
    public void close() throws Exception {
      await(store.close());
    }
  }

  /** Jobs that were acknowledged before, and then one write alone and one batch of all kinds. */
  private static final class Scenario {
    private final EmbeddedJobStore store;
    private final FaultAt faults;
    private final List<Job> before = new ArrayList<>();
    private final List<Job> fresh = new ArrayList<>();
    private final List<Future<?>> finishing = new ArrayList<>();
    private final List<Future<?>> accepting = new ArrayList<>();
    private final List<Future<?>> others = new ArrayList<>();

    Scenario(EmbeddedJobStore store, FaultAt faults) throws Exception {
      this.store = store;
      this.faults = faults;
      for (int i = 0; i < FINISHED; i++) {
        Job job = job("before", key(i));
        await(store.accept(job));
        before.add(job);
      }
    }

    void write(int failAt) throws Exception {
      faults.hold();
      others.add(store.check());
      faults.awaitHeld();
      before.forEach(job -> finishing.add(store.apply(job.id(), finish())));
      for (int i = 0; i < NEW; i++) {
        Job job = job("fresh", i % 2 == 0 ? key(100 + i) : Optional.empty());
        fresh.add(job);
        accepting.add(store.accept(job));
      }
      others.add(
          store.keepConflict(before.getFirst().id(), new Conflict(Jobs.CREATED, new byte[] {1})));
      faults.releaseAndFailAt(failAt);
      Future.join(all()).transform(_ -> Future.succeededFuture()).await(20, TimeUnit.SECONDS);
    }

    private static Change finish() {
      return new Change.Finish(
          Jobs.result("{\"id\":\"1\"}"), Jobs.CREATED, Jobs.CREATED.plusSeconds(3600));
    }

    private List<Future<?>> all() {
      return Stream.of(finishing, accepting, others).flatMap(List::stream).toList();
    }

    List<Throwable> failures() {
      return all().stream().filter(Future::failed).map(Future::cause).toList();
    }

    /** What succeeded is there; what failed is not, unless it failed after it was committed. */
    void checkKept(EmbeddedJobStore reopened, boolean failedMayBeThere) throws Exception {
      for (int i = 0; i < FINISHED; i++) {
        Job found = await(reopened.find(before.get(i).id())).orElseThrow();
        boolean kept = found.state() == JobState.COMPLETED;
        assertKept(kept, finishing.get(i), failedMayBeThere);
        assertThat(found.result().isPresent()).isEqualTo(kept);
      }
      for (int i = 0; i < NEW; i++) {
        boolean kept = await(reopened.find(fresh.get(i).id())).isPresent();
        assertKept(kept, accepting.get(i), failedMayBeThere);
      }
    }

    private static void assertKept(boolean kept, Future<?> told, boolean failedMayBeThere) {
      if (told.succeeded()) {
        assertThat(kept).isTrue();
      } else if (!failedMayBeThere) {
        assertThat(kept).isFalse();
      }
    }
  }
}
