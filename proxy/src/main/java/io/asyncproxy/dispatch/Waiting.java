package io.asyncproxy.dispatch;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import java.util.Optional;

/**
 * A job that waits for its turn.
 *
 * @param id the job
 * @param account whose it is
 * @param job the whole job; empty where memory is short, and the store is asked when its turn comes
 * @param lane where it is started
 */
record Waiting(JobId id, String account, Optional<Job> job, Lane lane) {

  /** How much of the memory for waiting jobs it takes. */
  long bytes() {
    return job.map(whole -> (long) whole.submission().body().length).orElse(0L);
  }
}
