package io.asyncproxy;

import io.asyncproxy.callback.Correlation;
import io.asyncproxy.dispatch.StartListener;
import io.asyncproxy.dispatch.StartOutcome;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.Lifetimes;
import java.time.Duration;
import java.util.Optional;

/** Where callbacks are matched by the job server's id: notes which job has which. */
record StartsById(Correlation correlation, Lifetimes lifetimes, StartListener next)
    implements StartListener {
  @Override
  public void attempted(Job job, StartOutcome outcome, Duration took) {
    name(outcome).ifPresent(id -> correlation.started(job, id, lifetimes));
    next.attempted(job, outcome, took);
  }

  @Override
  public void accepted(Job job) {
    next.accepted(job);
  }

  @Override
  public void sending(Job job) {
    next.sending(job);
  }

  @Override
  public void notStored(Job job, StartOutcome outcome) {
    name(outcome)
        .ifPresent(id -> correlation.link(job.id(), job.submission().via().route(), id, lifetimes));
    next.notStored(job, outcome);
  }

  private static Optional<String> name(StartOutcome outcome) {
    return outcome instanceof StartOutcome.Accepted accepted
        ? accepted.jobServerId()
        : Optional.empty();
  }

  @Override
  public void willRetry(Job job) {
    next.willRetry(job);
  }
}
