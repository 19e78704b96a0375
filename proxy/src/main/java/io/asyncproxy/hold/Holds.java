package io.asyncproxy.hold;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All held requests of this process, by job. A hold ends exactly once: who takes it out of the
 * table ends it, be that the job's outcome, its own deadline or its client's departure.
 *
 * <p>Thread-safe. Whoever holds must register first and look at the job afterwards: an outcome that
 * came in between is then either seen or announced.
 */
public final class Holds {
  private final ConcurrentHashMap<JobId, Hold> table = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final int most;
  private final HoldListener listener;

  /** At most {@code most} at once. */
  public Holds(int most, HoldListener listener) {
    this.most = most;
    this.listener = listener;
  }

  /** Holds a request on {@code loop}; empty when there is no room. Called on that loop. */
  public Optional<Hold> hold(JobId job, Duration atMost, EventLoop loop) {
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      return Optional.empty();
    }
    Hold hold = new Hold(this, job, loop.promise());
    table.compute(
        job,
        (_, first) -> {
          hold.next = first;
          return hold;
        });
    hold.endsAt(loop.deadlines().in(atMost, hold::timeOut));
    return Optional.of(hold);
  }

  /** The job changed; its holds end if it did. */
  public void changed(JobId job, JobState state, Optional<Outcome> outcome) {
    if (outcome.isPresent()) {
      ended(job, outcome.get());
    }
  }

  /** The job ended: so do its holds. */
  public void ended(JobId job, Outcome outcome) {
    finish(table.remove(job), new HoldEnd.Ended(outcome));
  }

  /** An attempt to start {@code job} is sent now. */
  public void sent(JobId job) {
    long now = System.nanoTime();
    for (Hold hold = table.get(job); hold != null; hold = hold.next) {
      hold.sent(now);
    }
  }

  /** What the job server says of {@code job} has come, and is about to be stored. */
  public void calledBack(JobId job) {
    long now = System.nanoTime();
    for (Hold hold = table.get(job); hold != null; hold = hold.next) {
      hold.calledBack(now);
    }
  }

  private void finish(@Nullable Hold first, HoldEnd how) {
    for (Hold hold = first; hold != null; hold = hold.next) {
      count.decrementAndGet();
      tell(hold, how.label());
      hold.complete(how);
    }
  }

  private void tell(Hold hold, String how) {
    long nanos = hold.heldNanos();
    OptionalLong added =
        how.equals(HoldEnd.ANSWERED) ? hold.addedNanos(nanos) : OptionalLong.empty();
    listener.ended(new HoldListener.End(hold.job(), how, nanos, added, hold.trace()));
  }

  /** The time of {@code hold} is over. */
  void timeOut(Hold hold) {
    if (remove(hold)) {
      HoldEnd how = new HoldEnd.TimedOut();
      tell(hold, how.label());
      hold.complete(how);
    }
  }

  /** The client of {@code hold} has gone; false where that had ended before. */
  boolean leave(Hold hold) {
    boolean held = remove(hold);
    if (held) {
      tell(hold, HoldEnd.CLIENT_LEFT);
    }
    hold.cancelDeadline();
    return held;
  }

  /** Takes out one hold; false when it has ended already. */
  boolean remove(Hold gone) {
    boolean[] found = {false};
    table.computeIfPresent(gone.job(), (_, first) -> unlink(first, gone, found));
    if (found[0]) {
      count.decrementAndGet();
    }
    return found[0];
  }

  private static @Nullable Hold unlink(Hold first, Hold gone, boolean[] found) {
    if (first == gone) {
      found[0] = true;
      return gone.next;
    }
    for (Hold hold = first; hold.next != null; hold = hold.next) {
      if (hold.next == gone) {
        found[0] = true;
        hold.next = gone.next;
        break;
      }
    }
    return first;
  }

  /** Ends all holds because this process stops. */
  public void drain() {
    for (JobId job : List.copyOf(table.keySet())) {
      finish(table.remove(job), new HoldEnd.Draining());
    }
  }

  /** The jobs that are held for now. */
  List<JobId> jobs() {
    return List.copyOf(table.keySet());
  }

  /** Whether there is no room for another one. */
  public boolean isFull() {
    return count.get() >= most;
  }

  /** How many there is room for. */
  public int most() {
    return most;
  }

  /** How many requests are held now. */
  public int count() {
    return count.get();
  }
}
