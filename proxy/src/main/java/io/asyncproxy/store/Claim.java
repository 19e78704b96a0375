package io.asyncproxy.store;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.Lifetimes;
import java.time.Instant;
import java.util.function.Function;

/**
 * Taking jobs that are due, so that nobody else is given them for a while.
 *
 * @param now what is due by now is taken
 * @param until how long the lease lasts, unless the job's own end comes before
 * @param lifetimes when each job ends
 */
public record Claim(Instant now, Instant until, Function<Job, Lifetimes> lifetimes) {

  /** Of jobs that all end alike. */
  public Claim(Instant now, Instant until, Lifetimes lifetimes) {
    this(now, until, _ -> lifetimes);
  }

  /** When {@code job} is due again if nothing is heard of it: in time for its end. */
  public Instant leaseOf(Job job) {
    Instant end = lifetimes.apply(job).end(job, now);
    return end.isAfter(now) && end.isBefore(until) ? end : until;
  }
}
