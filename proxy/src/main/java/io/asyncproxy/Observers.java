package io.asyncproxy;

import io.asyncproxy.callback.CallbackListener;
import io.asyncproxy.callback.Receipt;
import io.asyncproxy.dispatch.StartListener;
import io.asyncproxy.dispatch.StartOutcome;
import io.asyncproxy.hold.HoldListener;
import io.asyncproxy.hold.Holds;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.telemetry.Metrics;
import io.asyncproxy.timeline.Journal;
import io.asyncproxy.timeline.Moment.Event;
import io.asyncproxy.trace.Tracing;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells what happens to jobs to who is to know: metrics, the journal, holds, which know how long
 * their clients have waited, and dispatchers, which write less where a result is written anyway.
 *
 * @param metrics counts and times it
 * @param journal remembers it
 * @param tracing records it
 * @param holds those of this process
 * @param dispatchers told of each job whose result is about to be stored
 */
record Observers(
    Metrics metrics,
    Journal journal,
    Tracing tracing,
    Supplier<Holds> holds,
    Consumer<JobId> dispatchers)
    implements StartListener, CallbackListener, HoldListener {
  @Override
  public void accepted(Job job) {
    metrics.accepted(job);
  }

  @Override
  public void sending(Job job) {
    holds.get().sent(job.id());
  }

  @Override
  public void attempted(Job job, StartOutcome outcome, Duration took) {
    metrics.attempted(job, outcome, took);
    journal.add(
        job.id(),
        Event.ATTEMPT,
        job.attempts(),
        outcome.label(),
        took.toMillis(),
        outcome.detail());
  }

  @Override
  public void willRetry(Job job) {
    metrics.willRetry(job);
  }

  @Override
  public void arrived(JobId job) {
    dispatchers.accept(job);
    holds.get().calledBack(job);
  }

  @Override
  public void taken(JobId job, Receipt receipt, long nanos) {
    journal.came(job, receipt.label(), nanos);
    tracing.calledBack(job, receipt.label(), nanos);
  }

  @Override
  public void received(Receipt receipt) {
    metrics.received(receipt);
  }

  @Override
  public void ended(HoldListener.End end) {
    end.addedNanos().ifPresent(nanos -> metrics.added(nanos, end.trace()));
    journal.add(end.job(), Event.ANSWER, 0, end.how(), end.heldNanos() / 1_000_000, "");
  }

  /** An attempt to deliver the result of {@code job} ended. */
  void delivery(JobId job, String how) {
    metrics.delivery(how);
    journal.add(job, Event.DELIVERY, how);
  }

  /** The sweeper found {@code job} due. */
  void swept(Job job, String what) {
    journal.add(job.id(), Event.SWEEP, what);
  }
}
