package io.asyncproxy;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.function.Executable;

/** For what becomes true soon, without anything to wait on: looks again, for 30 s at most. */
public final class Eventually {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 5_000_000L;

  private Eventually() {}

  public static void that(Executable assertion) {
    within(LONGEST, assertion);
  }

  /** The same, for {@code longest} at most. */
  public static void within(Duration longest, Executable assertion) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (true) {
      try {
        assertion.execute();
        return;
      } catch (AssertionError notYet) {
        if (System.nanoTime() - deadline > 0) {
          throw notYet;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      } catch (Throwable failure) { // as where nobody listens yet
        if (System.nanoTime() - deadline > 0) {
          throw new AssertionError(failure);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
