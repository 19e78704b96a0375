package io.asyncproxy.store.embedded;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A disk that fails once, at the nth of one kind of moment, and that can be held, so that what is
 * written meanwhile becomes one batch. Armed by a test's thread, used by the writer's.
 */
final class FaultAt implements CommitFaults {

  /** When it fails. */
  enum Moment {
    BEFORE_WRITE,
    BEFORE_COMMIT,
    AFTER_COMMIT
  }

  private final Moment moment;
  private final SQLiteErrorCode code;
  private volatile int left = Integer.MAX_VALUE;
  private volatile @Nullable CountDownLatch gate;
  private final Semaphore held = new Semaphore(0);

  FaultAt(Moment moment, SQLiteErrorCode code) {
    this.moment = moment;
    this.code = code;
  }

  /** The next write waits, from the moment on that {@link #awaitHeld} returns. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  void awaitHeld() throws InterruptedException {
    if (!held.tryAcquire(20, TimeUnit.SECONDS)) {
      throw new AssertionError("no write within 20 s");
    }
  }

  /** Lets the held write go on, and fails at the {@code nth} moment from here on. */
  void releaseAndFailAt(int nth) {
    left = nth;
    CountDownLatch closed = gate;
    gate = null;
    if (closed != null) {
      closed.countDown();
    }
  }

  @Override
  public void beforeWrite() throws SQLException {
    CountDownLatch closed = gate;
    if (closed != null) {
      held.release();
      awaitOpen(closed);
    }
    at(Moment.BEFORE_WRITE);
  }

  private static void awaitOpen(CountDownLatch closed) throws SQLException {
    try {
      if (!closed.await(20, TimeUnit.SECONDS)) {
        throw new SQLException("the test forgot the writer");
      }
    } catch (InterruptedException stopped) {
      throw new SQLException(stopped);
    }
  }

  @Override
  public void beforeCommit() throws SQLException {
    at(Moment.BEFORE_COMMIT);
  }

  @Override
  public void afterCommit() throws SQLException {
    at(Moment.AFTER_COMMIT);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the writer's thread counts
  private void at(Moment now) throws SQLException {
    if (now == moment && --left == 0) {
      throw new SQLiteException("[" + code + "] made up by a test", code);
    }
  }
}
