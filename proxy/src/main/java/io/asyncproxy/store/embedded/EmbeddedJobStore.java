package io.asyncproxy.store.embedded;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.store.ChangeWatcher;
import io.asyncproxy.store.Claim;
import io.asyncproxy.store.Conflict;
import io.asyncproxy.store.Counts;
import io.asyncproxy.store.JobQuery;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Notes;
import io.asyncproxy.store.StoreUnavailableException;
import io.asyncproxy.store.Verdict;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs in an SQLite database in a directory of their own. What a future says is on the disk: it
 * survives the end of the process in any form, and a power cut where the disk keeps its word. One
 * process has the directory at a time. Thread-safe.
 */
public final class EmbeddedJobStore implements JobStore {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedJobStore.class);

  private final DirectoryLock lock;
  private final Writer writer;
  private final Readers readers;
  private final InstantSource clock;
  private volatile ChangeWatcher watcher = (id, state, outcome) -> {};

  private EmbeddedJobStore(
      DirectoryLock lock, Writer writer, Readers readers, InstantSource clock) {
    this.lock = lock;
    this.writer = writer;
    this.readers = readers;
    this.clock = clock;
  }

  /**
   * Loads what opening a store takes, wherever that will be. Blocks.
   *
   * @throws StoreUnavailableException with the reason, for people
   */
  public static void prepare() {
    try {
      Connections.prepare();
    } catch (SQLException failure) {
      throw new StoreUnavailableException("SQLite does not work: " + failure.getMessage(), failure);
    }
  }

  /**
   * Opens the store in {@code directory}, which is made where it is missing. Blocks.
   *
   * @param failStop told why the process has to stop: nobody knows what is on the disk
   * @throws StoreUnavailableException with the reason, for people
   */
  public static EmbeddedJobStore open(
      Path directory, InstantSource clock, Consumer<String> failStop) {
    return open(directory, clock, failStop, CommitFaults.NONE);
  }

  static EmbeddedJobStore open(
      Path directory, InstantSource clock, Consumer<String> failStop, CommitFaults faults) {
    try {
      Path database = StoreDirectory.database(directory);
      DirectoryLock lock = DirectoryLock.of(directory);
      try {
        return open(database, lock, clock, new Stops(failStop, faults));
      } catch (SQLException | RuntimeException failure) {
        lock.close();
        throw failure;
      }
    } catch (SQLException failure) {
      throw new StoreUnavailableException(
          "the store %s can't be opened: %s".formatted(directory, failure.getMessage()), failure);
    } catch (IOException failure) {
      throw new StoreUnavailableException(
          "the store %s can't be used: %s".formatted(directory, failure), failure);
    }
  }

  /** How it may end early. */
  private record Stops(Consumer<String> failStop, CommitFaults faults) {}

  private static EmbeddedJobStore open(
      Path database, DirectoryLock lock, InstantSource clock, Stops stops) throws SQLException {
    Statements statements = recovered(Connections.writer(database), clock);
    Writer writer = new Writer(statements, stops.failStop(), stops.faults());
    writer.start();
    return new EmbeddedJobStore(lock, writer, new Readers(database), clock);
  }

  private static Statements recovered(Connection connection, InstantSource clock)
      throws SQLException {
    Statements statements = new Statements(connection);
    try {
      Schema.migrate(connection);
      statements.begin();
      int recovered = new JobWrites(statements).recover(clock.instant());
      statements.commit();
      if (recovered > 0) {
        LOG.info(
            "Recovering {} jobs that were not started, or whose start was under way", recovered);
      }
      return statements;
    } catch (SQLException | RuntimeException failure) {
      statements.close();
      throw failure;
    }
  }

  @Override
  public Future<Acceptance> accept(Job job) {
    return writer.write(
        jobs -> jobs.accept(job),
        acceptance -> {
          if (acceptance instanceof Acceptance.Created) {
            watcher.changed(job.id(), job.state(), Optional.empty());
          }
        });
  }

  @Override
  public Future<Optional<Acceptance>> owner(IdempotencyKey key) {
    return readers.read(
        statements -> JobReads.owner(statements, key).map(owner -> Acceptance.of(key, owner)));
  }

  @Override
  public Future<Verdict> apply(JobId id, Change change) {
    return writer.write(
        jobs -> jobs.apply(id, change),
        verdict -> {
          if (verdict instanceof Verdict.Applied) {
            watcher.changed(id, change.transition().to(), Outcome.of(change));
          }
        });
  }

  @Override
  public Future<Optional<Job>> find(JobId id) {
    return readers.read(statements -> JobReads.find(statements, id));
  }

  @Override
  public Future<List<Job>> claimDue(Claim claim, int limit) {
    return writer.write(jobs -> jobs.claimDue(claim, limit));
  }

  @Override
  public Future<Integer> purge(Instant now, int limit) {
    return writer.write(jobs -> jobs.purge(now, limit));
  }

  @Override
  public Future<List<Job>> list(JobQuery query) {
    return readers.read(statements -> JobReads.list(statements, query));
  }

  @Override
  public Future<Counts> counts() {
    return readers.read(JobReads::counts);
  }

  @Override
  public Future<Boolean> discard(JobId id) {
    return writer.write(jobs -> jobs.discard(id));
  }

  @Override
  public Future<Void> keepConflict(JobId id, Conflict conflict) {
    return writer
        .write(
            jobs -> {
              jobs.keepConflict(id, conflict);
              return true;
            })
        .mapEmpty();
  }

  @Override
  public Future<List<Conflict>> conflicts(JobId id) {
    return readers.read(statements -> JobReads.conflicts(statements, id));
  }

  @Override
  public Notes notes() {
    return new EmbeddedNotes(writer, readers);
  }

  @Override
  public Future<String> secret(String name, String candidate) {
    return writer.write(jobs -> jobs.secret(name, candidate));
  }

  /** Writes something: only a write that succeeds proves that writes do. */
  @Override
  public Future<Void> check() {
    long now = clock.millis();
    return writer
        .write(
            jobs -> {
              jobs.probe(now);
              return true;
            })
        .mapEmpty();
  }

  @Override
  public Future<String> promise() {
    return Future.succeededFuture("what was answered is on the disk");
  }

  @Override
  public void watch(ChangeWatcher newWatcher) {
    this.watcher = newWatcher;
  }

  @Override
  public Future<Void> close() {
    return Future.future(
        done ->
            Thread.ofPlatform()
                .name("store-close")
                .start(
                    () -> {
                      try {
                        writer.close();
                        readers.close();
                        lock.close();
                        done.complete();
                      } catch (SQLException | IOException failure) {
                        done.fail(failure);
                      }
                    }));
  }
}
