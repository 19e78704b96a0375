package io.asyncproxy.timeline;

import io.asyncproxy.job.JobId;
import io.asyncproxy.timeline.Moment.Event;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The last moments of the jobs of this process, in memory: what no store needs to keep, such as who
 * was answered when. The oldest are forgotten. Thread-safe; writing is a few nanoseconds.
 */
public final class Journal {
  private static final int MOST = 1 << 15;

  private final InstantSource clock;
  private final String node;
  private final AtomicReferenceArray<Moment> moments = new AtomicReferenceArray<>(MOST);
  private final AtomicInteger next = new AtomicInteger();

  /** A journal of the node called {@code node}. */
  public Journal(InstantSource clock, String node) {
    this.clock = clock;
    this.node = node;
  }

  /** Something happened just now. */
  public void add(JobId job, Event event, String outcome) {
    add(job, event, 0, outcome, -1, "");
  }

  /** Something happened just now that took {@code millis}, or -1. */
  public void add(JobId job, Event event, int attempt, String outcome, long millis, String detail) {
    add(new Moment(job, clock.instant(), event, attempt, outcome, millis, detail, node));
  }

  /** Something came for {@code job} {@code nanos} ago, and was dealt with since. */
  public void came(JobId job, String outcome, long nanos) {
    add(
        new Moment(
            job, clock.instant().minusNanos(nanos), Event.CALLBACK, 0, outcome, -1, "", node));
  }

  private void add(Moment moment) {
    moments.set(next.getAndIncrement() & (MOST - 1), moment);
  }

  /** What is remembered of {@code job}, in no order. */
  public List<Moment> of(JobId job) {
    List<Moment> found = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      Moment moment = moments.get(i);
      if (moment != null && moment.job().equals(job)) {
        found.add(moment);
      }
    }
    return found;
  }
}
