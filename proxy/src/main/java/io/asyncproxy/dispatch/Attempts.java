package io.asyncproxy.dispatch;

import io.asyncproxy.dispatch.Dispatcher.Surroundings;
import io.asyncproxy.dispatch.NextStep.Outlook;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.route.UnfitRequestException;
import io.asyncproxy.store.Verdict;
import io.asyncproxy.trace.Span;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attempts to start jobs, from being sent until their end is durable: what it was, and what follows
 * from it. A result that comes meanwhile says all that, and is waited for. Thread-safe.
 */
public final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  /**
   * How long the job server's yes may wait until it is written. Nobody waits for that write, and a
   * callback that comes before then saves it; a crash before then leaves the start unclear, which
   * ends the same way: the callback is awaited.
   */
  private static final Duration SETTLE_AFTER = Duration.ofMillis(20);

  /** How long a result may be on its way to the store before that is written all the same. */
  private static final Duration DECIDED_WITHIN = Duration.ofMillis(200);

  /** What is known of a job whose attempt is not over. */
  private enum Stage {
    /** Nothing else is known of the job. */
    ATTEMPTED,
    /** Its result is on its way to the store. */
    BEING_DECIDED
  }

  private final Surroundings around;
  private final NextStep nextStep;
  private final StartGate<?> gate;

  /** Jobs with an attempt whose end is not durable yet. */
  private final Map<JobId, Stage> underWay = new ConcurrentHashMap<>();

  /** Attempts that {@code gate} has let through, which is its own lock. */
  Attempts(Surroundings around, NextStep nextStep, StartGate<?> gate) {
    this.around = around;
    this.nextStep = nextStep;
    this.gate = gate;
  }

  /** Sends one; {@code answered} is told how it ended, before that is stored. */
  void send(Job job, Lane lane, Consumer<StartOutcome> answered) {
    long sentNanos = System.nanoTime();
    underWay.put(job.id(), Stage.ATTEMPTED);
    around.listener().sending(job);
    start(job, lane.client())
        .onSuccess(
            outcome -> {
              answered.accept(outcome);
              Duration took = Duration.ofNanos(System.nanoTime() - sentNanos);
              around.listener().attempted(job, outcome, took);
              if (outcome instanceof StartOutcome.Accepted && !isNameInRecordOnly(job)) {
                lane.loop()
                    .deadlines()
                    .in(SETTLE_AFTER, () -> settleUnlessDecided(job, outcome, lane));
              } else {
                settleUnlessDecided(job, outcome, lane);
              }
            });
  }

  /** Then its callback finds the job by what is written now: a crash would lose the result. */
  private boolean isNameInRecordOnly(Job job) {
    return job.submission().via().byId() && around.store().notes().knowNamedJobs();
  }

  private Future<StartOutcome> start(Job job, JobServerClient client) {
    Span span = around.tracing().attempt(job);
    return start(job, client, span)
        .onSuccess(
            outcome -> span.end(outcome.label(), !outcome.label().equals(StartOutcome.ACCEPTED)));
  }

  private Future<StartOutcome> start(Job job, JobServerClient client, Span span) {
    try {
      StartCall call = client.dialect().start(job, around.callbackUrl().apply(job.id()));
      return client.start(call.with(span.headers()));
    } catch (UnfitRequestException unfit) {
      return Future.succeededFuture(
          new StartOutcome.Invalid(OptionalInt.empty(), unfit.error(), ""));
    } catch (RuntimeException notSent) { // as where its connections are closed
      return Future.succeededFuture(
          new StartOutcome.Unreachable("The request was not sent: " + notSent.getMessage()));
    }
  }

  /**
   * The result of a job says all that the end of its attempt would; where that can't be stored this
   * is, a while later. Both are written in turn, so that a crash before then loses nothing by it.
   */
  private void settleUnlessDecided(Job job, StartOutcome outcome, Lane lane) {
    if (underWay.replace(job.id(), Stage.BEING_DECIDED, Stage.ATTEMPTED)) {
      lane.loop().deadlines().in(DECIDED_WITHIN, () -> settle(job, outcome));
    } else {
      settle(job, outcome);
    }
  }

  private void settle(Job job, StartOutcome outcome) {
    if (!underWay.containsKey(job.id())) {
      return; // the job ended before its attempt did, as when a callback overtakes the answer
    }
    Change change = decide(job, outcome, around.clock().instant());
    around
        .store()
        .apply(job.id(), change)
        .onComplete(_ -> underWay.remove(job.id()))
        .onComplete(
            verdict -> settled(job, outcome, change, verdict),
            failure -> {
              LOG.warn(
                  "The end of attempt {} of job {} ({}) is not stored: {}; its callback is still"
                      + " accepted, and the sweeper looks after it when its lease is over",
                  job.attempts(),
                  job.id(),
                  outcome.label(),
                  failure.getMessage());
              around.listener().notStored(job, outcome);
            });
  }

  private Change decide(Job job, StartOutcome outcome, Instant now) {
    Optional<Duration> overdueAfter = around.overdueAfter().get();
    synchronized (gate) {
      long nanos = System.nanoTime();
      Outlook outlook = new Outlook(now.plusNanos(gate.retryIn(nanos)), overdueAfter);
      Change change = nextStep.after(job, outcome, now, outlook);
      if (nextStep.isRetry(job, change, now)) {
        gate.retryPlanned(nanos);
      }
      return change;
    }
  }

  private void settled(Job job, StartOutcome outcome, Change change, Verdict verdict) {
    if (verdict instanceof Verdict.Applied && !change.transition().to().isFinished()) {
      boolean again = change.transition().to() != JobState.RUNNING;
      if (again) {
        if (nextStep.isRetry(job, change, around.clock().instant())) {
          around.listener().willRetry(job);
        }
        around.wakeSweeper().accept(change.wakeAt());
      }
    } else if (verdict instanceof Verdict.Refused(Job current)
        && change instanceof Change.Started started) {
      if (current.state().isDeadLetter()) { // its result may come, and has to find it
        around.listener().notStored(job, outcome);
      } else {
        name(current, started);
      }
    } else if (change instanceof Change.GiveUp giveUp) {
      LOG.debug("Job {} is given up: {}", job.id(), giveUp.failure().detail());
    }
  }

  /** Progress overtook the start's answer, which says what the job is called and when to look. */
  private void name(Job job, Change.Started started) {
    if (job.state() == JobState.RUNNING && job.progress().isPresent()) {
      Instant wakeAt = job.resultUrl().isPresent() ? job.wakeAt() : started.wakeAt();
      around
          .store()
          .apply(
              job.id(), new Change.Progressed(job.progress().get(), started.jobServerId(), wakeAt))
          .onFailure(
              failure ->
                  LOG.warn(
                      "What the job server calls job {} is not stored: {}; it can't be asked for it",
                      job.id(),
                      failure.getMessage()));
    }
  }

  /** How many attempts are on their way, or their end not durable yet. */
  public int underWay() {
    return underWay.size();
  }

  /** The result of a job has come, and is about to be stored. */
  public void beingDecided(JobId job) {
    underWay.computeIfPresent(job, (_, _) -> Stage.BEING_DECIDED);
  }

  /** A job is decided: the end of an attempt that is on its way changes nothing any more. */
  public void decided(JobId job) {
    underWay.remove(job);
  }
}
