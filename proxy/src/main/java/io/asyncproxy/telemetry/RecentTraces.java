package io.asyncproxy.telemetry;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.TraceContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The traces of the jobs that this process started last, and which have none: spares callbacks a
 * question to the store. Thread-safe.
 */
final class RecentTraces {
  private static final int MOST = 50_000;

  private final Map<JobId, Optional<TraceContext>> traces =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Optional<TraceContext>> eldest) {
          return size() > MOST;
        }
      };

  synchronized void put(JobId job, Optional<TraceContext> trace) {
    traces.put(job, trace);
  }

  /** The trace of {@code job}, or that it has none; empty where nothing is known of it. */
  synchronized Optional<Optional<TraceContext>> find(JobId job) {
    return Optional.ofNullable(traces.get(job));
  }
}
