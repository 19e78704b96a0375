package io.asyncproxy.store.embedded;

import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read, each by a connection of its own: in WAL mode they never wait for writes.
 */
final class Readers implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int QUEUE = 10_000;

  /** Something to read. */
  @FunctionalInterface
  interface Read<T> {
    T run(Statements statements) throws SQLException;
  }

  private final BlockingQueue<Statements> connections = new ArrayBlockingQueue<>(THREADS);
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(QUEUE),
          Thread.ofPlatform().name("store-reader-", 0).factory());

  Readers(Path database) throws SQLException {
    for (int i = 0; i < THREADS; i++) {
      connections.add(new Statements(Connections.reader(database)));
    }
  }

  /** Reads what is committed by now. */
  <T> Future<T> read(Read<T> read) {
    Promise<T> promise = EventLoop.promiseHere();
    try {
      threads.execute(() -> run(read, promise));
    } catch (RejectedExecutionException full) {
      promise.fail(new StoreUnavailableException("too many reads are waiting", full));
    }
    return promise.future();
  }

  private <T> void run(Read<T> read, Promise<T> promise) {
    Statements statements = connections.remove(); // there is one for each thread
    try {
      promise.complete(read.run(statements));
    } catch (SQLException failure) {
      statements.prepareAnew();
      promise.fail(
          new StoreUnavailableException(
              "the store can't be read: " + failure.getMessage(), failure));
    } catch (RuntimeException failure) {
      promise.fail(failure);
    } finally {
      connections.add(statements);
    }
  }

  @Override
  public void close() throws SQLException {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        return; // a read that hangs keeps its connection; the process ends anyway
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    for (Statements statements : connections) {
      statements.close();
    }
  }
}
