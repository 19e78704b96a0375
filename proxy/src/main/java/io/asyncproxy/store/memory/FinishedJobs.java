package io.asyncproxy.store.memory;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finished jobs in the order in which they finished. All decided jobs are kept equally long, and
 * all dead letters, so that in each of the two maps the first is the first to go. Not thread-safe.
 */
final class FinishedJobs {
  private final Map<JobId, Job> decided = new LinkedHashMap<>();
  private final Map<JobId, Job> deadLetters = new LinkedHashMap<>();

  private Map<JobId, Job> room(Job job) {
    return job.state().isDeadLetter() ? deadLetters : decided;
  }

  void replace(Job before, Job after) {
    deadLetters.remove(before.id());
    room(after).put(after.id(), after);
  }

  void remove(Job job) {
    room(job).remove(job.id());
  }

  Optional<Job> find(JobId id) {
    Job job = decided.get(id);
    return Optional.ofNullable(job != null ? job : deadLetters.get(id));
  }

  Optional<Job> oldest() {
    return first(decided).or(() -> first(deadLetters));
  }

  private static Optional<Job> first(Map<JobId, Job> jobs) {
    return jobs.isEmpty() ? Optional.empty() : Optional.of(jobs.values().iterator().next());
  }

  /** Those whose time is over, but for the {@code kept}. */
  List<Job> over(Instant now, int limit, Predicate<JobId> kept) {
    List<Job> over = new ArrayList<>();
    for (Map<JobId, Job> jobs : List.of(decided, deadLetters)) {
      for (Job job : jobs.values()) {
        if (over.size() == limit || job.wakeAt().isAfter(now)) {
          break;
        }
        if (!kept.test(job.id())) {
          over.add(job);
        }
      }
    }
    return over;
  }

  Stream<Job> stream() {
    return Stream.concat(decided.values().stream(), deadLetters.values().stream());
  }

  int deadLetters() {
    return deadLetters.size();
  }

  int size() {
    return decided.size() + deadLetters.size();
  }
}
