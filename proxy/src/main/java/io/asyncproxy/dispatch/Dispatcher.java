package io.asyncproxy.dispatch;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Submission;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Verdict;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts jobs: each as soon as its account and the job server have a connection free, in turn, and
 * only when it is durable that an attempt is on its way.
 *
 * <p>Thread-safe. Only the queue is shared between loops; {@link #queue} guards it. What waits in
 * it is in the store as well, with a lease: after a crash the sweeper finds it there.
 */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** How long a job may wait in a queue until the sweeper looks whether somebody still cares. */
  private static final Duration QUEUE_LEASE = Duration.ofSeconds(30);

  /** What an attempt needs beyond its own time until its end is durable. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  /**
   * How long the job server's yes may wait until it is written. Nobody waits for that write, and a
   * callback that comes before then saves it; a crash before then leaves the start unclear, which
   * ends the same way: the callback is awaited.
   */
  private static final Duration SETTLE_AFTER = Duration.ofMillis(20);

  /** How many jobs wait in memory; more wait in the store alone, for the sweeper. */
  private static final int QUEUE_CAPACITY = 100_000;

  /**
   * What surrounds the dispatcher.
   *
   * @param store where the jobs are
   * @param clock the time that is stored
   * @param callbackUrl the callback URL of a job
   * @param wakeSweeper told when a job is due again
   * @param listener hears of attempts
   */
  public record Surroundings(
      JobStore store,
      InstantSource clock,
      Function<JobId, String> callbackUrl,
      Consumer<Instant> wakeSweeper,
      StartListener listener) {}

  private record Waiting(Job job, Lane lane) {}

  private final Surroundings around;
  private final NextStep nextStep;
  private final Duration attemptLease;
  private final Duration queueLease;
  private final FairQueue<Waiting> queue;
  private final Set<JobId> queued = new HashSet<>();
  private final Set<JobId> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** A dispatcher with the permits that {@code settings} give. */
  public Dispatcher(JobServerSettings settings, NextStep nextStep, Surroundings around) {
    this.around = around;
    this.nextStep = nextStep;
    Duration longest = nextStep.lifetimes().timeout();
    this.attemptLease = shorter(settings.timeout().plus(SETTLING), longest);
    this.queueLease = shorter(QUEUE_LEASE, longest);
    this.queue = new FairQueue<>(settings.connections(), settings.connectionsPerAccount());
  }

  /** A lease never outlasts its job, whose end would otherwise be seen too late. */
  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Keeps a new job and starts it; completes when it is durable. */
  public Future<Acceptance> submit(Submission submission, Lane lane) {
    boolean mayStart = tryAcquire(submission.account());
    Instant now = submission.createdAt();
    Job job =
        mayStart
            ? Job.starting(submission, now.plus(attemptLease))
            : Job.accepted(submission, now.plus(queueLease));
    return around
        .store()
        .accept(job)
        .onComplete(
            acceptance -> accepted(acceptance, job, lane, mayStart), _ -> giveBack(job, mayStart));
  }

  private void accepted(Acceptance acceptance, Job job, Lane lane, boolean mayStart) {
    if (!(acceptance instanceof Acceptance.Created)) {
      giveBack(job, mayStart);
    } else if (mayStart) {
      send(job, lane);
    } else {
      enqueue(job, lane);
    }
  }

  private void giveBack(Job job, boolean permit) {
    if (permit) {
      release(job);
    }
  }

  /** Starts a job that is due again, or that nobody cares for any more. */
  public void resume(Job job, Lane lane) {
    enqueue(job, lane);
  }

  private void enqueue(Job job, Lane lane) {
    synchronized (queue) {
      if (queue.waiting() >= QUEUE_CAPACITY || !queued.add(job.id())) {
        return;
      }
      queue.add(job.submission().account(), new Waiting(job, lane));
    }
    startWaiting();
  }

  private boolean tryAcquire(String account) {
    synchronized (queue) {
      return queue.tryAcquire(account);
    }
  }

  private void release(Job job) {
    synchronized (queue) {
      queue.release(job.submission().account());
    }
    startWaiting();
  }

  private void startWaiting() {
    for (Optional<Waiting> next = poll(); next.isPresent(); next = poll()) {
      Waiting waiting = next.get();
      waiting.lane().loop().execute(() -> begin(waiting.job(), waiting.lane()));
    }
  }

  private Optional<Waiting> poll() {
    synchronized (queue) {
      Optional<Waiting> next = closed ? Optional.empty() : queue.next();
      next.ifPresent(waiting -> queued.remove(waiting.job().id()));
      return next;
    }
  }

  /**
   * The attempt is durable before it is sent; who else wanted to make it, or ended the job, wins.
   */
  private void begin(Job job, Lane lane) {
    Instant now = around.clock().instant();
    Change.Start start = new Change.Start(job.attempts() + 1, now, now.plus(attemptLease));
    around
        .store()
        .apply(job.id(), start)
        .onComplete(
            verdict -> {
              if (verdict instanceof Verdict.Applied) {
                send(job.after(start).orElse(job), lane);
              } else {
                release(job);
              }
            },
            failure -> {
              LOG.warn(
                  "Job {} is not started: {}; the sweeper tries again",
                  job.id(),
                  failure.getMessage());
              release(job);
            });
  }

  private void send(Job job, Lane lane) {
    long sentNanos = System.nanoTime();
    underWay.add(job.id());
    byte[] body = StartRequest.body(job.submission().body(), around.callbackUrl().apply(job.id()));
    Optional<String> key =
        nextStep.policy().idempotent() ? Optional.of(job.id().toString()) : Optional.empty();
    lane.client()
        .start(body, key)
        .onSuccess(
            outcome -> {
              release(job);
              Duration took = Duration.ofNanos(System.nanoTime() - sentNanos);
              around.listener().attempted(job, outcome, took);
              if (outcome instanceof StartOutcome.Accepted) {
                lane.loop().deadlines().in(SETTLE_AFTER, () -> settle(job, outcome));
              } else {
                settle(job, outcome);
              }
            });
  }

  private void settle(Job job, StartOutcome outcome) {
    if (!underWay.contains(job.id())) {
      return; // the job ended before its attempt did, as when a callback overtakes the answer
    }
    Change change = nextStep.after(job, outcome, around.clock().instant());
    around
        .store()
        .apply(job.id(), change)
        .onComplete(_ -> underWay.remove(job.id()))
        .onComplete(
            verdict -> settled(job, change, verdict),
            failure ->
                LOG.warn(
                    "The end of attempt {} of job {} ({}) is not stored: {}; its callback is still"
                        + " accepted, and the sweeper looks after it when its lease is over",
                    job.attempts(),
                    job.id(),
                    outcome.label(),
                    failure.getMessage()));
  }

  private void settled(Job job, Change change, Verdict verdict) {
    if (verdict instanceof Verdict.Applied && !change.transition().to().isFinished()) {
      boolean again = change.transition().to() != JobState.RUNNING;
      if (again) {
        around.wakeSweeper().accept(change.wakeAt());
      }
    } else if (change instanceof Change.GiveUp giveUp) {
      LOG.debug("Job {} is given up: {}", job.id(), giveUp.failure().detail());
    }
  }

  /** No further attempt is begun; what waits stays in the store. */
  public void close() {
    closed = true;
  }

  /** How many attempts are on their way, or their end not durable yet. */
  public int underWay() {
    return underWay.size();
  }

  /** A job ended: the end of an attempt that is on its way changes nothing any more. */
  public void ended(JobId job) {
    underWay.remove(job);
  }

  /** How many jobs wait for a connection. */
  public int waiting() {
    synchronized (queue) {
      return queue.waiting();
    }
  }
}
