package io.asyncproxy.delivery;

import io.asyncproxy.http.Problem;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.job.Submission;
import io.asyncproxy.signature.WebhookKey;
import io.asyncproxy.signature.WebhookMessage;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Note.Kind;
import io.asyncproxy.trace.Span;
import io.asyncproxy.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers results to the clients' own URLs, at least once each (Standard Webhooks 1.0).
 *
 * <p>That a job's result has to be delivered is durable before the job is, and forgotten only once
 * it is delivered, or given up: then it is a dead letter. Whoever takes a delivery on says so in
 * the store first, so that of several nodes one does. Who is told that a job has ended looks at
 * once; who is not, a while later. Thread-safe.
 */
public final class Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  private static final Duration ATTEMPT_LEASE = Duration.ofSeconds(45);
  private static final Duration SOONEST_LOOK = Duration.ofSeconds(5);
  private static final Duration LATEST_LOOK = Duration.ofMinutes(5);
  private static final Duration LOOKUP = Duration.ofSeconds(2);
  private static final Duration SURELY_ACCEPTED = Duration.ofMinutes(1);
  private static final int AT_ONCE = 1_000;
  private static final int BATCH = 500;

  /**
   * What surrounds it.
   *
   * @param store where jobs and deliveries are
   * @param clock the time that is stored
   * @param lifetimes how long jobs are kept
   * @param jitter picks pauses
   * @param target where results may be delivered
   * @param keys what they are signed with; none: they are not
   * @param ended told how each attempt ended: delivered, failed, gone or undelivered
   * @param tracing records them
   */
  public record Surroundings(
      JobStore store,
      InstantSource clock,
      Lifetimes lifetimes,
      RandomGenerator jitter,
      Target target,
      List<WebhookKey> keys,
      BiConsumer<JobId, String> ended,
      Tracing tracing) {}

  private final Surroundings around;
  private final DeliveryClient client;
  private final DeliveryPlan plan;
  private final Set<JobId> expected = ConcurrentHashMap.newKeySet();
  private final AtomicInteger underWay = new AtomicInteger();

  /** Deliveries. */
  public Deliveries(Vertx vertx, Surroundings around) {
    this.around = around;
    this.client = new DeliveryClient(vertx, around.clock(), around.target(), around.keys());
    this.plan =
        DeliveryPlan.of(around.lifetimes().retention(), around.clock().instant(), around.jitter());
  }

  /**
   * Whether results may be delivered to {@code url}; fails where they may not. A name server that
   * is slow refuses nobody: the address counts when it is delivered to, and is looked up then.
   */
  public Future<Void> check(URI url) {
    return around
        .target()
        .address(url)
        .timeout(LOOKUP.toMillis(), TimeUnit.MILLISECONDS)
        .<Void>mapEmpty()
        .recover(
            failure ->
                failure instanceof TimeoutException
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  /**
   * Has {@code submit} take a job in whose result goes to {@code url}: that it does is durable
   * before the job is, and forgotten where surely no new job was made: a store that does not answer
   * may have made it, and what belongs to no job is forgotten a minute later.
   */
  public Future<Acceptance> submit(
      Submission submission, URI url, Function<Submission, Future<Acceptance>> submit) {
    return expect(submission.id(), url)
        .compose(_ -> submit.apply(submission))
        .onSuccess(
            accepted -> {
              if (!(accepted instanceof Acceptance.Created)) {
                forget(submission.id());
              }
            });
  }

  /** The same of a job that repeats another: its result goes where that one's was to go. */
  public Future<Acceptance> repeat(
      Submission again, Function<Submission, Future<Acceptance>> submit) {
    return again
        .replayOf()
        .map(this::target)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .compose(url -> url.isPresent() ? submit(again, url.get(), submit) : submit.apply(again));
  }

  private Future<Void> expect(JobId job, URI url) {
    Instant look = around.clock().instant().plus(SOONEST_LOOK);
    Note note =
        new Note(
            Kind.DELIVERY, job, job.toString(), look, DeliveryState.to(url.toString()).content());
    expected.add(job);
    return around.store().notes().put(note).<Void>mapEmpty().onFailure(_ -> expected.remove(job));
  }

  private void forget(JobId job) {
    expected.remove(job);
    around
        .store()
        .notes()
        .remove(Kind.DELIVERY, job)
        .onFailure(failure -> LOG.debug("Job {}: {}", job, failure.getMessage()));
  }

  /** A job has ended. */
  public void ended(JobId job) {
    if (expected.remove(job)) {
      around
          .store()
          .notes()
          .find(Kind.DELIVERY, job)
          .compose(note -> note.map(this::look).orElseGet(Future::succeededFuture))
          .onFailure(failure -> LOG.debug("Job {}: {}", job, failure.getMessage()));
    }
  }

  /** Where the result of a job goes, or was to go until that was given up. */
  private Future<Optional<URI>> target(JobId job) {
    return around
        .store()
        .notes()
        .find(Kind.DELIVERY, job)
        .compose(
            note ->
                note.isPresent()
                    ? Future.succeededFuture(note)
                    : around.store().notes().find(Kind.UNDELIVERED, job))
        .map(note -> note.map(found -> URI.create(DeliveryState.of(found).url())));
  }

  /**
   * A result that could not be delivered is tried again; false where it is none. Fails with 409
   * where neither the job is kept any more nor what was to be delivered.
   */
  public Future<Boolean> again(JobId job) {
    Instant now = around.clock().instant();
    return around
        .store()
        .notes()
        .find(Kind.UNDELIVERED, job)
        .compose(
            found -> found.isEmpty() ? Future.succeededFuture(false) : again(found.get(), now));
  }

  private Future<Boolean> again(Note undelivered, Instant now) {
    DeliveryState state = DeliveryState.of(undelivered).again();
    Note again = undelivered.as(Kind.DELIVERY, now).with(now, state.content());
    return around
        .store()
        .find(undelivered.id())
        .compose(
            job ->
                job.isPresent() || state.message().isPresent()
                    ? around.store().notes().replace(undelivered, again)
                    : Future.failedFuture(
                        Problem.of(409, "The job's result is not kept any more").exception()));
  }

  /** Looks after what is due: further attempts, and ends that nobody was told of. */
  public Future<Void> lookAtDue() {
    Instant now = around.clock().instant();
    expected.removeIf(job -> isOver(job, now)); // who was not told of their ends
    return around
        .store()
        .notes()
        .claimDue(Kind.DELIVERY, now, now.plus(ATTEMPT_LEASE), BATCH)
        .compose(
            due -> {
              due.forEach(
                  note ->
                      look(note)
                          .onFailure(
                              failure ->
                                  LOG.warn(
                                      "Job {}: its delivery is looked after later: {}",
                                      note.id(),
                                      failure.getMessage())));
              return Future.succeededFuture();
            });
  }

  /** A job may take its time twice: until it is started, and until its callback comes. */
  private boolean isOver(JobId job, Instant now) {
    Duration longest = around.lifetimes().timeout().multipliedBy(2).plus(LATEST_LOOK);
    return Instant.ofEpochMilli(job.createdMillis()).plus(longest).isBefore(now);
  }

  private Future<Void> look(Note note) {
    return around
        .store()
        .find(note.id())
        .compose(found -> found.map(job -> look(note, job)).orElseGet(() -> withoutJob(note)));
  }

  /**
   * It is being accepted, never was, or has been forgotten, which what is delivered may outlive.
   */
  private Future<Void> withoutJob(Note note) {
    DeliveryState state = DeliveryState.of(note);
    if (state.message().isPresent()) {
      return attempt(note, state, Letter.kept(note, state.message().get()));
    }
    if (state.attempts() > 0) { // nobody was here to try it to the end
      return giveUp(note, state, "undelivered");
    }
    Instant accepted = Instant.ofEpochMilli(note.id().createdMillis()).plus(SURELY_ACCEPTED);
    return around.clock().instant().isBefore(accepted)
        ? lookLater(note, Instant.MAX)
        : around.store().notes().remove(Kind.DELIVERY, note.id()).mapEmpty();
  }

  private Future<Void> look(Note note, Job job) {
    if (job.state() == JobState.CANCELLED) {
      return around.store().notes().remove(Kind.DELIVERY, note.id()).mapEmpty();
    }
    DeliveryState state = DeliveryState.of(note);
    boolean nothingNew = state.told().isPresent() && job.state().isDeadLetter();
    if (!job.state().isFinished()) {
      return lookLater(note, Instant.MAX);
    }
    return nothingNew
        ? awaitLateResult(note, job)
        : attempt(note, state, Letter.of(job, around.clock().instant()));
  }

  /** As long as the job is kept, which it is for as long as there is something to be delivered. */
  private Future<Void> awaitLateResult(Note note, Job job) {
    Instant now = around.clock().instant();
    Instant end = job.finishedAt().orElse(now).plus(around.lifetimes().deadLetterRetention());
    return now.isBefore(end)
        ? lookLater(note, end)
        : around.store().notes().remove(Kind.DELIVERY, note.id()).mapEmpty();
  }

  /**
   * Later and later, the older it is, at {@code latest} at most: who knows better has told us
   * before.
   */
  private Future<Void> lookLater(Note note, Instant latest) {
    Instant now = around.clock().instant();
    long age = now.toEpochMilli() - note.id().createdMillis();
    long wait = Math.clamp(age / 4, SOONEST_LOOK.toMillis(), LATEST_LOOK.toMillis());
    Instant look = now.plusMillis(wait);
    Instant due = look.isBefore(latest) ? look : latest;
    return lookAt(due, note, DeliveryState.of(note));
  }

  private Future<Void> lookAt(Instant time, Note note, DeliveryState state) {
    return around.store().notes().replace(note, note.with(time, state.content())).mapEmpty();
  }

  private Future<Void> attempt(Note note, DeliveryState state, Letter letter) {
    if (underWay.get() >= AT_ONCE) {
      return Future.succeededFuture(); // it is due again when its lease is over
    }
    Instant now = around.clock().instant();
    Note begun = note.with(now.plus(ATTEMPT_LEASE), state.begun().content());
    return around
        .store()
        .notes()
        .replace(note, begun)
        .compose(mine -> mine ? send(begun, state.begun(), letter) : Future.succeededFuture());
  }

  private Future<Void> send(Note note, DeliveryState state, Letter letter) {
    underWay.incrementAndGet();
    Span span = around.tracing().delivery(letter.job(), letter.trace());
    String time = Long.toString(around.clock().instant().getEpochSecond());
    return client
        .send(
            URI.create(state.url()),
            new WebhookMessage(letter.message().id(), time, letter.message().body()),
            letter.job().toString(),
            span.headers())
        .onComplete(_ -> underWay.decrementAndGet())
        .onSuccess(answer -> span.end(answer.label(), !(answer instanceof DeliveryAnswer.Taken)))
        .compose(answer -> settle(note, state, letter, answer));
  }

  private Future<Void> settle(
      Note note, DeliveryState state, Letter letter, DeliveryAnswer answer) {
    return switch (answer) {
      case DeliveryAnswer.Taken _ -> taken(note, state, letter);
      case DeliveryAnswer.Gone _ ->
          giveUp(note, state.ended("answered with status 410").keeping(letter.message()), "gone");
      case DeliveryAnswer.Failed(String why, Optional<Duration> retryAfter) ->
          failed(note, state.ended(why), letter, retryAfter);
      case DeliveryAnswer.NotSent(String why) -> notSent(note, state.notBegun(why), letter);
    };
  }

  private Future<Void> notSent(Note note, DeliveryState state, Letter letter) {
    Instant now = around.clock().instant();
    if (plan.isOver(letter.ended(), now)) {
      return giveUp(note, state.keeping(letter.message()), "undelivered");
    }
    long wait = SOONEST_LOOK.toMillis() + around.jitter().nextLong(SOONEST_LOOK.toMillis());
    return lookAt(now.plusMillis(wait), note, state);
  }

  /** Of a job that was given up the result may come after all: then that is delivered as well. */
  private Future<Void> taken(Note note, DeliveryState state, Letter letter) {
    around.ended().accept(letter.job(), "delivered");
    if (letter.givenUpAs().isEmpty()) {
      return around.store().notes().remove(Kind.DELIVERY, note.id()).mapEmpty();
    }
    Instant look = around.clock().instant().plus(SOONEST_LOOK);
    return lookAt(look, note, state.toldOf(letter.givenUpAs().get()));
  }

  private Future<Void> failed(
      Note note, DeliveryState state, Letter letter, Optional<Duration> retryAfter) {
    Instant now = around.clock().instant();
    Optional<Instant> next = plan.next(state.attempts(), letter.ended(), now, retryAfter);
    if (next.isEmpty()) {
      return giveUp(note, state.keeping(letter.message()), "undelivered");
    }
    around.ended().accept(letter.job(), "failed");
    return lookAt(next.get(), note, state);
  }

  private Future<Void> giveUp(Note note, DeliveryState state, String how) {
    around.ended().accept(note.id(), how);
    LOG.warn(
        "Job {}: its result is not delivered ({} attempts, the last one {}); it is a dead letter,"
            + " and can be sent again",
        note.id(),
        state.attempts(),
        state.detail());
    Instant forgotten = around.clock().instant().plus(around.lifetimes().deadLetterRetention());
    return around
        .store()
        .notes()
        .replace(note, note.as(Kind.UNDELIVERED, forgotten).with(forgotten, state.content()))
        .mapEmpty();
  }
}
