package io.asyncproxy.dispatch;

import io.asyncproxy.dispatch.StartGate.Permit;
import io.asyncproxy.dispatch.StartGate.Turn;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Submission;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Verdict;
import io.asyncproxy.trace.Tracing;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts jobs: each as soon as the gate lets it through, and only when it is durable that an
 * attempt is on its way.
 *
 * <p>Thread-safe. Only the gate and what waits at it are shared between loops; {@link #gate} guards
 * them. What waits is in the store as well, with a lease: after a crash the sweeper finds it there.
 */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** How long a job may wait in a queue until the sweeper looks whether somebody still cares. */
  private static final Duration QUEUE_LEASE = Duration.ofSeconds(20);

  /** What an attempt needs beyond its own time until its end is durable. */
  private static final Duration SETTLING = Duration.ofSeconds(15);

  /** While the gate is closed it is looked at again after so long at most. */
  private static final Duration LONGEST_LOOK = Duration.ofMillis(100);

  /**
   * What surrounds the dispatcher.
   *
   * @param store where the jobs are
   * @param clock the time that is stored
   * @param byId whether callbacks name jobs by the job server's ids
   * @param callbackUrl the callback URL of a job
   * @param wakeSweeper told when a job is due again
   * @param later runs something after a while, on any loop
   * @param overdueAfter when a callback counts as overdue, where that is known
   * @param elsewhere takes what comes after the end
   * @param listener hears of attempts
   * @param tracing records them
   */
  public record Surroundings(
      JobStore store,
      InstantSource clock,
      boolean byId,
      Function<JobId, String> callbackUrl,
      Consumer<Instant> wakeSweeper,
      BiConsumer<Duration, Runnable> later,
      Supplier<Optional<Duration>> overdueAfter,
      Consumer<JobId> elsewhere,
      StartListener listener,
      Tracing tracing) {}

  private final Surroundings around;
  private final NextStep nextStep;
  private final Duration attemptLease;
  private final Duration queueLease;
  private final StartGate<Waiting> gate;
  private final WaitingJobs waiting = new WaitingJobs();
  private final Attempts attempts;
  private final UnsentAttempts unsent;

  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicBoolean saidOpen = new AtomicBoolean();
  private volatile boolean closed;

  /** A dispatcher with the permits that {@code settings} give. */
  public Dispatcher(JobServerSettings settings, NextStep nextStep, Surroundings around) {
    this.around = around;
    this.nextStep = nextStep;
    Duration longest = nextStep.lifetimes().timeout();
    this.attemptLease = shorter(settings.timeout().plus(SETTLING), longest);
    this.queueLease = shorter(QUEUE_LEASE, longest);
    this.gate =
        new StartGate<>(
            settings.connections(), settings.connectionsPerAccount(), settings.breaker());
    this.attempts = new Attempts(around, nextStep, gate);
    this.unsent =
        new UnsentAttempts(
            around.store(),
            job -> nextStep.notSent(job, around.clock().instant()),
            around.later(),
            () -> around.wakeSweeper().accept(around.clock().instant()));
  }

  /** A lease never outlasts its job, whose end would otherwise be seen too late. */
  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /**
   * Why a new job is not taken now; empty where it is.
   *
   * @param hold how long a client is held for it; empty for nobody, who waits until it expires
   */
  public Optional<Refusal> refusal(String account, Optional<Duration> hold) {
    Duration patience = hold.orElse(nextStep.lifetimes().timeout());
    synchronized (gate) {
      return gate.refusal(account, hold.isPresent(), patience, System.nanoTime());
    }
  }

  /** Keeps a new job and starts it; completes when it is durable. */
  public Future<Acceptance> submit(Submission asked, Lane lane) {
    Submission submission = around.byId() ? asked.foundById() : asked;
    Optional<Permit> permit = tryAcquire(submission.account());
    Instant now = submission.createdAt();
    Job job =
        permit.isPresent()
            ? Job.starting(submission, now.plus(attemptLease))
            : Job.accepted(submission, now.plus(queueLease));
    return around
        .store()
        .accept(job)
        .onComplete(
            acceptance -> accepted(acceptance, job, lane, permit),
            _ ->
                permit.ifPresent(
                    unused -> {
                      unsent.add(job);
                      giveBack(unused);
                    }));
  }

  private void accepted(Acceptance acceptance, Job job, Lane lane, Optional<Permit> permit) {
    if (!(acceptance instanceof Acceptance.Created)) {
      permit.ifPresent(this::giveBack);
      return;
    }
    around.listener().accepted(job);
    if (permit.isPresent()) {
      send(job, lane, permit.get());
    } else {
      enqueue(job, lane);
    }
  }

  /** Starts a job that is due again, or that nobody cares for any more. */
  public void resume(Job job, Lane lane) {
    enqueue(job, lane);
  }

  private void enqueue(Job job, Lane lane) {
    if (closed) {
      around.elsewhere().accept(job.id());
      return;
    }
    synchronized (gate) {
      waiting.admit(job, lane).ifPresent(added -> gate.add(added.account(), added));
    }
    startWaiting();
  }

  private Optional<Permit> tryAcquire(String account) {
    synchronized (gate) {
      return closed ? Optional.empty() : gate.tryAcquire(account, System.nanoTime());
    }
  }

  private void giveBack(Permit permit) {
    synchronized (gate) {
      gate.notMade(permit);
    }
    startWaiting();
  }

  private void startWaiting() {
    for (Optional<Turn<Waiting>> next = poll(); next.isPresent(); next = poll()) {
      Turn<Waiting> turn = next.get();
      Lane lane = turn.item().lane();
      lane.loop().execute(() -> take(turn.item(), turn.permit()));
    }
    lookAgain();
  }

  private Optional<Turn<Waiting>> poll() {
    synchronized (gate) {
      Optional<Turn<Waiting>> next =
          closed ? Optional.empty() : gate.next(Waiting::account, System.nanoTime());
      next.ifPresent(turn -> waiting.leave(turn.item()));
      return next;
    }
  }

  /** The gate opens by itself when its time has come, and nobody would notice. */
  private void lookAgain() {
    long closedForNanos;
    synchronized (gate) {
      closedForNanos = gate.waiting() == 0 ? 0 : gate.opensIn(System.nanoTime());
    }
    if (closedForNanos > 0 && looking.compareAndSet(false, true)) {
      Duration wait = Duration.ofMillis(Math.ceilDiv(closedForNanos, 1_000_000));
      around
          .later()
          .accept(
              shorter(wait, LONGEST_LOOK),
              () -> {
                looking.set(false);
                startWaiting();
              });
    }
  }

  private void take(Waiting item, Permit permit) {
    if (item.job().isPresent()) {
      begin(item.job().get(), item.lane(), permit);
      return;
    }
    around
        .store()
        .find(item.id())
        .onComplete(
            found ->
                found.ifPresentOrElse(
                    job -> begin(job, item.lane(), permit), () -> giveBack(permit)),
            failure -> notBegun(item.id(), permit, failure));
  }

  /**
   * The attempt is durable before it is sent; who else wanted to make it, or ended the job, wins.
   */
  private void begin(Job job, Lane lane, Permit permit) {
    boolean again = nextStep.policy().idempotent() && job.isUnclear();
    if (job.state() != JobState.ACCEPTED && !again) {
      giveBack(permit); // somebody else has begun it, since it began to wait here
      return;
    }
    Instant now = around.clock().instant();
    Change.Start start = new Change.Start(job.attempts() + 1, now, now.plus(attemptLease));
    Job begun = job.after(start).orElse(job);
    around
        .store()
        .apply(job.id(), start)
        .onComplete(
            verdict -> {
              if (verdict instanceof Verdict.Applied) {
                send(begun, lane, permit);
              } else {
                giveBack(permit);
              }
            },
            failure -> {
              unsent.add(begun);
              notBegun(job.id(), permit, failure);
            });
  }

  private void notBegun(JobId job, Permit permit, Throwable failure) {
    LOG.warn("Job {} is not started: {}; the sweeper tries again", job, failure.getMessage());
    giveBack(permit);
  }

  private void send(Job job, Lane lane, Permit permit) {
    if (job.attempts() == 1) {
      synchronized (gate) {
        gate.firstAttempt(System.nanoTime());
      }
    }
    attempts.send(job, lane, outcome -> ended(permit, outcome));
  }

  private void ended(Permit permit, StartOutcome outcome) {
    Duration pause;
    Breaker.State circuit;
    synchronized (gate) {
      pause = gate.ended(permit, outcome, System.nanoTime());
      circuit = gate.circuit();
    }
    tellOfTheCircuit(circuit, outcome);
    if (!pause.isZero()) {
      around.later().accept(pause.plusMillis(1), () -> pauseOver(permit.account()));
    }
    startWaiting();
  }

  /** Once, however often it is probed meanwhile. */
  private void tellOfTheCircuit(Breaker.State circuit, StartOutcome outcome) {
    if (circuit == Breaker.State.OPEN && saidOpen.compareAndSet(false, true)) {
      LOG.warn(
          "The job server fails, and is left alone for a while (the circuit breaker is open): {}, {}",
          outcome.label(),
          outcome.detail());
    } else if (circuit == Breaker.State.CLOSED && saidOpen.compareAndSet(true, false)) {
      LOG.info("The job server answers again (the circuit breaker is closed)");
    }
  }

  private void pauseOver(String account) {
    synchronized (gate) {
      gate.resume(account, System.nanoTime());
    }
    startWaiting();
  }

  /** No further attempt is begun; what waits stays in the store, for who comes next. */
  public Future<Void> close() {
    return around.store().release(stop(), around.clock().instant());
  }

  /** No further attempt is begun; the jobs that waited are given back. */
  public List<JobId> stop() {
    synchronized (gate) {
      closed = true;
      return waiting.ids();
    }
  }

  /** Whether no further attempt is begun. */
  public boolean isClosed() {
    return closed;
  }

  /** Those of its attempts that are not over. */
  public Attempts attempts() {
    return attempts;
  }

  /** How many jobs wait for a connection. */
  public int waiting() {
    synchronized (gate) {
      return gate.waiting();
    }
  }

  /** How many jobs are started a second at most; infinite while nothing limits them. */
  public double pace() {
    synchronized (gate) {
      return gate.pace();
    }
  }

  /** The {@code most} accounts with the most jobs that wait, and how many. */
  public List<Map.Entry<String, Integer>> busiest(int most) {
    synchronized (gate) {
      return gate.busiest(most);
    }
  }

  /** The circuit breaker's state: closed, half_open or open. */
  public String circuitLabel() {
    synchronized (gate) {
      return gate.circuit().name().toLowerCase(Locale.ROOT);
    }
  }

  /** The circuit breaker's state as metrics show it: 0 closed, 1 half open, 2 open. */
  public int circuit() {
    synchronized (gate) {
      return switch (gate.circuit()) {
        case CLOSED -> 0;
        case HALF_OPEN -> 1;
        case OPEN -> 2;
      };
    }
  }
}
