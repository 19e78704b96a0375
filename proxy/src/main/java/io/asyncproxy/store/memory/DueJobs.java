package io.asyncproxy.store.memory;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;

/**
 * When unfinished jobs have to be looked at, to the millisecond. A job that moves to a later time
 * stays where it is and is put right when its old time comes, so that the common case, a job that
 * ends long before, costs one entry. Not thread-safe.
 */
final class DueJobs {
  private final TreeMap<Long, Queue<JobId>> slots = new TreeMap<>();
  private int size;

  void add(Job job) {
    slots.computeIfAbsent(slot(job.wakeAt()), _ -> new ArrayDeque<>(2)).add(job.id());
    size++;
  }

  void moved(Job before, Job after) {
    if (after.wakeAt().isBefore(before.wakeAt())) {
      add(after);
    }
  }

  /** Up to {@code limit} jobs that are due; each is taken out. */
  Collection<Job> take(Instant now, int limit, Map<JobId, Job> unfinished) {
    Map<JobId, Job> taken = new LinkedHashMap<>();
    while (taken.size() < limit && !slots.isEmpty() && slots.firstKey() <= slot(now)) {
      Queue<JobId> ids = slots.firstEntry().getValue();
      JobId id = ids.poll();
      if (id == null) {
        slots.pollFirstEntry();
        continue;
      }
      size--;
      Job job = unfinished.get(id);
      if (job != null && isDue(job, now)) {
        taken.put(id, job);
      } else if (job != null && slot(job.wakeAt()) > slot(now)) {
        add(job);
      }
    }
    return taken.values();
  }

  private static boolean isDue(Job job, Instant now) {
    return slot(job.wakeAt()) <= slot(now);
  }

  private static long slot(Instant time) {
    return time.toEpochMilli();
  }

  int size() {
    return size;
  }
}
