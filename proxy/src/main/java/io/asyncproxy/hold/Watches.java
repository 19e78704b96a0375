package io.asyncproxy.hold;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.loop.EventLoop;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who follows a job's every change, as event streams do. Thread-safe. */
public final class Watches {

  /** Told on its own loop that the job changed; reads for itself what it is like now. */
  public record Watch(JobId job, EventLoop loop, Runnable look) {}

  private final ConcurrentHashMap<JobId, Set<Watch>> watches = new ConcurrentHashMap<>();

  /** From now on {@code watch} is told of changes. */
  public void add(Watch watch) {
    watches.compute(
        watch.job(),
        (_, others) -> {
          Set<Watch> all = others != null ? others : ConcurrentHashMap.newKeySet();
          all.add(watch);
          return all;
        });
  }

  /** {@code watch} is told no more. */
  public void remove(Watch watch) {
    watches.computeIfPresent(
        watch.job(),
        (_, all) -> {
          all.remove(watch);
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
    return watches.values().stream().mapToInt(Set::size).sum();
  }
}
