package io.asyncproxy.store.embedded;

import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The one thread that writes: takes what has queued, runs it in one transaction, commits once, and
 * tells the callers, each event loop in one hop (group commit; Helland et al., 1987).
 *
 * <p>A batch is written whole or not at all. When there is no room on the disk its callers are told
 * so and the next batch is tried as if nothing had been; after any other error nobody can know what
 * is on the disk, and the process has to stop: a failed {@code fsync} must not be retried (Rebello
 * et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
 */
final class Writer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int QUEUE = 50_000;
  private static final int BATCH = 1_000;

  /** Under load a commit waits for company; an idle writer waits for nobody. */
  private static final long LINGER_NANOS = 400_000;

  private static final int COMPANY = 3;
  private static final long CROWDED_LINGER_NANOS = 2_000_000;
  private static final int CROWD = 24;

  /** Something to write. */
  @FunctionalInterface
  interface Write<T> {
    T run(JobWrites jobs) throws SQLException;
  }

  /** A write, and who waits for it. */
  private static final class Queued<T> {
    private final Write<T> write;
    private final Consumer<T> announce;
    private final Promise<T> promise = Promise.promise();
    private final @Nullable ContextInternal context = ContextInternal.current();
    private @Nullable T result;

    Queued(Write<T> write, Consumer<T> announce) {
      this.write = write;
      this.announce = announce;
    }

    void run(JobWrites jobs) throws SQLException {
      result = write.run(jobs);
    }

    @SuppressWarnings("NullAway") // it has been run
    void succeed() {
      announce.accept(result);
      promise.complete(result);
    }

    void fail(Throwable failure) {
      promise.tryFail(failure);
    }
  }

  private final BlockingQueue<Queued<?>> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Statements statements;
  private final JobWrites jobs;
  private final Consumer<String> failStop;
  private final CommitFaults faults;
  private final Thread thread;
  private int lastBatch;
  private volatile boolean closing;
  private volatile boolean stopped;
  private @Nullable String trouble;

  /**
   * A writer that is not started.
   *
   * @param failStop told why the process has to stop
   */
  Writer(Statements statements, Consumer<String> failStop, CommitFaults faults) {
    this.statements = statements;
    this.jobs = new JobWrites(statements);
    this.failStop = failStop;
    this.faults = faults;
    this.thread = Thread.ofPlatform().name("store-writer").unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  /** Writes, and completes when it is durable. */
  <T> Future<T> write(Write<T> write, Consumer<T> announce) {
    if (closing) {
      return Future.failedFuture(new StoreUnavailableException("the store is closed"));
    }
    Queued<T> queued = new Queued<>(write, announce);
    if (!queue.offer(queued)) {
      return Future.failedFuture(new StoreUnavailableException("the store's queue is full"));
    }
    if (stopped) {
      drain(new StoreUnavailableException("the store is closed")); // nobody else will
    }
    return queued.promise.future();
  }

  <T> Future<T> write(Write<T> write) {
    return write(write, _ -> {});
  }

  private void loop() {
    List<Queued<?>> batch = new ArrayList<>();
    try {
      while (take(batch)) {
        commit(batch);
        batch.clear();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      closing = true;
      stopped = true;
      drain(new StoreUnavailableException("the store is closed"));
    }
  }

  private boolean take(List<Queued<?>> batch) throws InterruptedException {
    long linger = linger();
    Queued<?> first = queue.poll(100, TimeUnit.MILLISECONDS);
    while (first == null) {
      if (closing) {
        return false;
      }
      linger = 0;
      first = queue.poll(100, TimeUnit.MILLISECONDS);
    }
    if (linger > 0 && queue.size() < BATCH / 2) {
      LockSupport.parkNanos(linger);
    }
    batch.add(first);
    queue.drainTo(batch, BATCH - 1);
    lastBatch = batch.size();
    return true;
  }

  private long linger() {
    return lastBatch >= CROWD ? CROWDED_LINGER_NANOS : lastBatch >= COMPANY ? LINGER_NANOS : 0;
  }

  private void commit(List<Queued<?>> batch) {
    try {
      for (Queued<?> queued : batch) {
        faults.beforeWrite();
        queued.run(jobs);
      }
      faults.beforeCommit();
      statements.commit();
      faults.afterCommit();
    } catch (SQLException | RuntimeException | Error failure) { // nobody else would tell anybody
      abandon(batch, failure);
      return;
    }
    if (trouble != null) {
      LOG.info("The store can be written to again");
      trouble = null;
    }
    tell(batch, Queued::succeed);
  }

  private void abandon(List<Queued<?>> batch, Throwable failure) {
    statements.prepareAnew();
    boolean goesOn = passes(failure) && rollBack();
    String message =
        is(failure, SQLiteErrorCode.SQLITE_FULL)
            ? "the disk is full"
            : "the store can't be written: " + failure.getMessage();
    if (!message.equals(trouble)) {
      LOG.error("{}; {} writes were not made and their callers were told", message, batch.size());
    }
    trouble = message;
    StoreUnavailableException told = new StoreUnavailableException(message, failure);
    tell(batch, queued -> queued.fail(told));
    if (!goesOn) {
      closing = true;
      drain(told);
      failStop.accept(message);
    }
  }

  /** Whether the disk is as it was before: it was full or busy, or one of the writes was wrong. */
  private static boolean passes(Throwable failure) {
    return failure instanceof RuntimeException
        || is(failure, SQLiteErrorCode.SQLITE_FULL)
        || is(failure, SQLiteErrorCode.SQLITE_BUSY)
        || is(failure, SQLiteErrorCode.SQLITE_CONSTRAINT)
        || is(failure, SQLiteErrorCode.SQLITE_TOOBIG);
  }

  private static boolean is(Throwable failure, SQLiteErrorCode kind) {
    return failure instanceof SQLiteException sqlite
        && (sqlite.getResultCode().code & 0xFF) == kind.code;
  }

  private boolean rollBack() {
    try {
      statements.rollBack();
      return true;
    } catch (SQLException failure) {
      LOG.error("The failed batch can't be taken back: {}", failure.getMessage());
      return false;
    }
  }

  private void drain(StoreUnavailableException why) {
    List<Queued<?>> rest = new ArrayList<>();
    queue.drainTo(rest);
    tell(rest, queued -> queued.fail(why));
  }

  private static void tell(List<Queued<?>> batch, Consumer<Queued<?>> how) {
    Map<Object, List<Queued<?>>> byLoop = new HashMap<>();
    for (Queued<?> queued : batch) {
      if (queued.context == null) {
        how.accept(queued);
      } else {
        byLoop.computeIfAbsent(queued.context.nettyEventLoop(), _ -> new ArrayList<>()).add(queued);
      }
    }
    byLoop.values().forEach(ofOneLoop -> tellLoop(ofOneLoop, how));
  }

  private static void tellLoop(List<Queued<?>> ofOneLoop, Consumer<Queued<?>> how) {
    ContextInternal any = ofOneLoop.getFirst().context;
    if (any == null) {
      return;
    }
    any.nettyEventLoop()
        .execute(
            () -> {
              for (Queued<?> queued : ofOneLoop) {
                if (queued.context != null) {
                  queued.context.dispatch(() -> how.accept(queued));
                }
              }
            });
  }

  /** Writes what has queued, and stops. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
      statements.close();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (SQLException failure) {
      LOG.warn(
          "The store did not close cleanly: {}; its log is read at the next start",
          failure.getMessage());
    }
  }
}
