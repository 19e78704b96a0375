package io.asyncproxy.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A monotonic clock and its timers, which move when a test says so. Not thread-safe. */
public final class HandMovedTime implements Deadlines.Timer {
  private record Scheduled(long atNanos, Runnable action) {}

  // Near the overflow, as System.nanoTime() may be.
  private long nowNanos = Long.MAX_VALUE - 1_000;
  private final List<Scheduled> timers = new ArrayList<>();
  private int scheduled;

  /** Deadlines that go by this time. */
  public Deadlines deadlines() {
    return new Deadlines(() -> nowNanos, this);
  }

  @Override
  public void schedule(long delayNanos, Runnable action) {
    scheduled++;
    timers.add(new Scheduled(nowNanos + delayNanos, action));
  }

  /** Lets time pass; timers fire at their times. */
  public void pass(Duration duration) {
    long end = nowNanos + duration.toNanos();
    while (true) {
      var next =
          timers.stream()
              .filter(timer -> timer.atNanos() - end <= 0)
              .min(Comparator.comparingLong(timer -> timer.atNanos() - end));
      if (next.isEmpty()) {
        break;
      }
      timers.remove(next.get());
      nowNanos = Math.max(next.get().atNanos() - nowNanos, 0) + nowNanos;
      next.get().action().run();
    }
    nowNanos = end;
  }

  /** Moves the clock without firing any timer: these are late. */
  public void lag(Duration duration) {
    nowNanos += duration.toNanos();
  }

  /** How many timers run now. */
  public int running() {
    return timers.size();
  }

  /** How many timers were ever started. */
  public int scheduled() {
    return scheduled;
  }
}
