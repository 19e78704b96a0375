package io.asyncproxy.store;

import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs to list, newest first.
 *
 * @param states in one of these states
 * @param account of this account
 * @param reason given up for this reason
 * @param before older than this one, the last of the page before
 * @param limit at most so many
 */
public record JobQuery(
    Set<JobState> states,
    Optional<String> account,
    Optional<Failure.Reason> reason,
    Optional<JobId> before,
    int limit) {

  /** Whether {@code job} is asked for. */
  public boolean matches(Job job) {
    return states.contains(job.state())
        && (account.isEmpty() || account.get().equals(job.submission().account()))
        && (reason.isEmpty()
            || (job.failure().isPresent() && job.failure().get().reason() == reason.get()))
        && (before.isEmpty() || job.id().compareTo(before.get()) < 0);
  }
}
