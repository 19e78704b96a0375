package io.asyncproxy.loop;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to happen at a deadline, for very many deadlines of few different lengths. All of one
 * length wait in one queue, in which the first is the first due, so that setting and cancelling one
 * costs a few pointers, and a queue one timer, however long it is.
 *
 * <p>Belongs to one event loop, and is only used on it.
 */
public final class Deadlines {

  /** Runs something once, not earlier than after a delay, on the loop that this belongs to. */
  @FunctionalInterface
  public interface Timer {
    /** Runs {@code action} in {@code delayNanos}. */
    void schedule(long delayNanos, Runnable action);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

  private final LongSupplier nanoClock;
  private final Timer timer;
  private final Map<Long, Queue> queues = new HashMap<>();
  private final @Nullable Queue[] lately = new Queue[16];
  private int count;

  /** Deadlines on a monotonic clock. */
  public Deadlines(LongSupplier nanoClock, Timer timer) {
    this.nanoClock = nanoClock;
    this.timer = timer;
  }

  /** Runs {@code action} after {@code length}, unless it is cancelled before. */
  public Deadline in(Duration length, Runnable action) {
    long nanos = Math.max(0, length.toNanos());
    count++;
    return queue(nanos).append(new Deadline(this, nanoClock.getAsLong() + nanos, action));
  }

  /** There are few different lengths, each asked for by every job. */
  private Queue queue(long nanos) {
    int slot = slot(nanos);
    Queue known = lately[slot];
    if (known == null || known.length != nanos) {
      known = queues.computeIfAbsent(nanos, Queue::new);
      lately[slot] = known;
    }
    return known;
  }

  private int slot(long nanos) {
    return Long.hashCode(nanos * 0x9E37_79B9_7F4A_7C15L) & (lately.length - 1);
  }

  /** One was taken out of its queue. */
  void removed() {
    count--;
  }

  /** How many are set; exact on the loop, roughly so elsewhere. */
  public int count() {
    return count;
  }

  /** How many different lengths are being waited for. */
  int queues() {
    return queues.size();
  }

  private final class Queue {
    private final long length;
    private final Deadline ends;

    Queue(long length) {
      this.length = length;
      this.ends = new Deadline(Deadlines.this, 0, () -> {});
      timer.schedule(length, this::runDue);
    }

    Deadline append(Deadline deadline) {
      return deadline.linkBefore(ends);
    }

    /** One action that fails must not take the others' deadlines along. */
    private void run(Deadline due) {
      try {
        due.run();
      } catch (RuntimeException | Error failure) {
        LOG.error("What was to happen at a deadline failed", failure);
      }
    }

    /** The one timer of a queue: it re-arms itself for what is first then, or ends the queue. */
    private void runDue() {
      Deadline first = ends.next();
      while (first != ends && first.dueNanos() - nanoClock.getAsLong() <= 0) {
        first.cancel();
        run(first);
        first = ends.next();
      }
      if (first == ends) {
        queues.remove(length, this);
        lately[slot(length)] = null;
      } else {
        timer.schedule(Math.max(0, first.dueNanos() - nanoClock.getAsLong()), this::runDue);
      }
    }
  }
}
