package io.asyncproxy.api;

import io.asyncproxy.delivery.Deliveries;
import io.asyncproxy.hold.HoldSettings;
import io.asyncproxy.hold.Holds;
import io.asyncproxy.hold.Watches;
import io.asyncproxy.http.Callers;
import io.asyncproxy.http.Cors;
import io.asyncproxy.http.Lifecycle;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.RateLimiter;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.trace.Tracing;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What the public handlers act on; shared by all event loops.
 *
 * @param store where the jobs are
 * @param holds held requests
 * @param watches followers of a job
 * @param hold how long clients are held
 * @param lifetimes how long jobs may take and are kept
 * @param lifecycle whether new jobs are taken
 * @param cors which web pages may read answers
 * @param deliveries takes results to the clients' own URLs
 * @param callers who may ask
 * @param rates how many requests each account may send; empty for any number
 * @param checks what readiness depends on besides
 * @param tracing records what is done
 * @param clock the time that is stored
 */
public record Services(
    JobStore store,
    Holds holds,
    Watches watches,
    HoldSettings hold,
    Lifetimes lifetimes,
    Lifecycle lifecycle,
    Cors cors,
    Deliveries deliveries,
    Callers callers,
    Optional<RateLimiter> rates,
    List<ReadinessCheck> checks,
    Tracing tracing,
    InstantSource clock) {

  /** The answer to who wants to be held when there is no room; empty while there is. */
  Optional<Problem> fullHolds() {
    return holds.isFull() ? Optional.of(HeldRequest.noRoom()) : Optional.empty();
  }
}
