package io.asyncproxy.callback;

import io.asyncproxy.job.JobId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What job servers called the jobs that this process started last: spares most callbacks a question
 * to the store, which has the names of all. Thread-safe.
 */
final class RecentNames {
  private static final int MOST = 20_000;

  private final Map<String, JobId> jobs =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JobId> eldest) {
          return size() > MOST;
        }
      };

  synchronized void put(String name, JobId job) {
    jobs.put(name, job);
  }

  synchronized void remove(String name) {
    jobs.remove(name);
  }

  synchronized Optional<JobId> find(String name) {
    return Optional.ofNullable(jobs.get(name));
  }
}
