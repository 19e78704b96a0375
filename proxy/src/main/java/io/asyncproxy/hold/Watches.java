package io.asyncproxy.hold;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.loop.EventLoop;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Who follows a job's every change, as event streams do. Thread-safe. */
public final class Watches {

  /** Told on its own loop that the job changed; reads for itself what it is like now. */
  public record Watch(JobId job, EventLoop loop, Runnable look) {}

  private final ConcurrentHashMap<JobId, Set<Watch>> watches = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final int most;

  /** At most {@code most} at once. */
  public Watches(int most) {
    this.most = most;
  }

  /** From now on {@code watch} is told of changes; false when there is no room. */
  public boolean add(Watch watch) {
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      return false;
    }
    watches.compute(
        watch.job(),
        (_, others) -> {
          Set<Watch> all = others != null ? others : ConcurrentHashMap.newKeySet();
          all.add(watch);
          return all;
        });
    return true;
  }

  /** {@code watch} is told no more. */
  public void remove(Watch watch) {
    watches.computeIfPresent(
        watch.job(),
        (_, all) -> {
          if (all.remove(watch)) {
            count.decrementAndGet();
          }
          return all.isEmpty() ? null : all;
        });
  }

  /** The job changed. */
  public void changed(JobId job, JobState state) {
    if (watches.isEmpty()) {
      return;
    }
    for (Watch watch : watches.getOrDefault(job, Set.of())) {
      watch.loop().execute(watch.look());
    }
  }

  /** Everybody looks again. */
  void lookAll() {
    watches.values().forEach(all -> all.forEach(watch -> watch.loop().execute(watch.look())));
  }

  /** How many follow now. */
  public int count() {
    return count.get();
  }
}
