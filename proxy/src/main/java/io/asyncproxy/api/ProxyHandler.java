package io.asyncproxy.api;

import io.asyncproxy.delivery.Target;
import io.asyncproxy.hold.Hold;
import io.asyncproxy.hold.HoldEnd;
import io.asyncproxy.http.Bodies;
import io.asyncproxy.http.Body;
import io.asyncproxy.http.Caller;
import io.asyncproxy.http.Endpoint;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.ProblemException;
import io.asyncproxy.http.RateLimiter;
import io.asyncproxy.http.Reply;
import io.asyncproxy.http.Request;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.job.Submission;
import io.asyncproxy.job.TraceContext;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Starts a job and holds its client until the result arrives: {@code POST /proxy}, or a route's
 * path. Of one loop.
 */
public final class ProxyHandler {
  private final Services services;
  private final Bodies bodies;
  private final Entrance entrance;
  private final RandomGenerator idBits;

  /** A handler of what comes in by {@code entrance}; {@code idBits} must be unguessable. */
  public ProxyHandler(Services services, Bodies bodies, Entrance entrance, RandomGenerator idBits) {
    this.services = services;
    this.bodies = bodies;
    this.entrance = entrance;
    this.idBits = idBits;
  }

  /** The endpoint. */
  public Endpoint endpoint() {
    return new Endpoint(entrance.path(), Map.of(HttpMethod.POST, this::post));
  }

  private Future<Reply> post(Request request) {
    Span span = services.tracing().request(entrance.path(), traceOf(request));
    try {
      Future<Reply> reply = post(request, span);
      return span.isRecording() // a future with two listeners is larger
          ? reply.onComplete(sent -> span.end(sent.status()), failure -> span.end(status(failure)))
          : reply;
    } catch (ProblemException wrong) {
      span.end(wrong.problem().status());
      throw wrong;
    }
  }

  private static Optional<TraceContext> traceOf(Request request) {
    String parent = request.header("traceparent");
    return parent == null
        ? Optional.empty()
        : TraceContext.parse(parent, request.header("tracestate"));
  }

  private static int status(Throwable failure) {
    return failure instanceof ProblemException expected ? expected.problem().status() : 500;
  }

  private Future<Reply> post(Request request, Span span) {
    services.lifecycle().requireServing();
    Caller caller = services.callers().of(request);
    entrance.requireType(request);
    return bodies.read(request).compose(body -> post(new Asking(request, caller, span), body));
  }

  /** What is left to be done when the client is answered must not know the body. */
  private Future<Reply> post(Asking asking, Body body) {
    Runnable release = body.release();
    try {
      Future<Reply> reply = begin(asking, body.bytes(), release);
      if (reply.isComplete()) {
        release.run();
      }
      return reply;
    } catch (RuntimeException | Error failure) {
      release.run();
      throw failure;
    }
  }

  /** A request, who sent it, and where it belongs in a trace. */
  private record Asking(Request request, Caller caller, Span span) {}

  private Future<Reply> begin(Asking asking, byte[] body, Runnable release) {
    try {
      return withinKeyRate(asking, entrance.read(asking.caller(), asking.request(), body), release);
    } catch (ProblemException wrong) {
      return Future.failedFuture(wrong);
    }
  }

  private Future<Reply> withinKeyRate(Asking asking, ProxyRequest wanted, Runnable release) {
    Caller caller = wanted.caller();
    return within(caller.rates(), caller.name(), () -> withinAccountRate(asking, wanted, release));
  }

  private Future<Reply> withinAccountRate(Asking asking, ProxyRequest wanted, Runnable release) {
    return within(services.rates(), wanted.account(), () -> admit(asking, wanted, release));
  }

  /** Where two limits apply the answer has both, the nearer one first. */
  private static Future<Reply> within(
      Optional<RateLimiter> limit, String whose, Supplier<Future<Reply>> next) {
    if (limit.isEmpty()) {
      return next.get();
    }
    RateLimiter rates = limit.get();
    RateLimiter.Allowance allowance = rates.take(whose);
    Future<Reply> reply =
        allowance.allowed()
            ? next.get()
            : Future.succeededFuture(JobReplies.overRate(allowance.reset()));
    return reply.map(
        answer ->
            withHeader(
                withHeader(answer, "RateLimit-Policy", rates.policy()),
                "RateLimit",
                rates.state(allowance)));
  }

  private static Reply withHeader(Reply reply, String name, String value) {
    String there = reply.headers().get(name);
    return reply.header(name, there == null ? value : there + ", " + value);
  }

  /** A new job is only made where it can be started in time; a known one is answered anyway. */
  private Future<Reply> admit(Asking asking, ProxyRequest wanted, Runnable release) {
    services.lifecycle().requireServing();
    Waiting waiting = new Waiting(asking, wanted.withoutBody(), holdFor(wanted));
    Optional<Duration> held = wanted.async() ? Optional.empty() : Optional.of(waiting.patience());
    Optional<Problem> refused =
        entrance
            .dispatcher()
            .refusal(wanted.account(), held)
            .map(JobReplies::refused)
            .or(() -> waiting.isHeld() ? services.fullHolds() : Optional.empty());
    if (refused.isEmpty()) {
      byte[] body = wanted.body();
      // A composition keeps what it was made with until its end, and so the body for all of the
      // hold.
      return wanted.callback().isEmpty()
          ? submit(waiting, body, release)
          : deliverable(wanted.callback().get())
              .compose(_ -> submit(waiting, body, release))
              .onFailure(_ -> release.run());
    }
    return known(wanted)
        .onComplete(_ -> release.run())
        .compose(
            known ->
                known.isPresent()
                    ? answer(known.get(), Optional.empty(), waiting)
                    : Future.failedFuture(refused.get().exception()));
  }

  private Future<Optional<Acceptance>> known(ProxyRequest wanted) {
    return wanted.key().isPresent()
        ? services.store().owner(wanted.key().get())
        : Future.succeededFuture(Optional.empty());
  }

  /** Once the job is durable nobody waits with its body in memory. */
  private Future<Reply> submit(Waiting waiting, byte[] body, Runnable release) {
    ProxyRequest wanted = waiting.wanted;
    Instant now = services.clock().instant();
    JobId id =
        wanted
            .key()
            .map(key -> JobId.create(now.toEpochMilli(), idBits, key))
            .orElseGet(() -> JobId.create(now.toEpochMilli(), idBits));
    Optional<Hold> hold = waiting.isHeld() ? Optional.of(waiting.hold(id)) : Optional.empty();
    Optional<Instant> heldUntil =
        wanted.async() ? Optional.empty() : Optional.of(now.plus(waiting.time));
    Submission submission =
        new Submission(
            id,
            wanted.account(),
            body,
            now,
            heldUntil,
            wanted.key(),
            Optional.empty(),
            wanted.caller().name(),
            wanted.via().in(waiting.span.context()));
    waiting.span.about(id);
    return submit(submission, wanted.callback())
        .onComplete(_ -> release.run())
        .onFailure(_ -> hold.ifPresent(Hold::abandon))
        .recover(failure -> Future.failedFuture(JobReplies.notKept(failure, wanted.key())))
        .compose(
            acceptance ->
                acceptance instanceof Acceptance.Created
                    ? waiting.until(id, hold)
                    : answer(acceptance, hold, waiting));
  }

  /** Fails with 400 where the client's own URL is none that results are delivered to. */
  private Future<Void> deliverable(URI callback) {
    return services
        .deliveries()
        .check(callback)
        .recover(_ -> Future.failedFuture(Problem.of(400, Target.ERROR).exception()));
  }

  private Future<Acceptance> submit(Submission submission, Optional<URI> callback) {
    return callback.isEmpty()
        ? dispatch(submission)
        : services.deliveries().submit(submission, callback.get(), this::dispatch);
  }

  private Future<Acceptance> dispatch(Submission submission) {
    return entrance.dispatcher().submit(submission, entrance.lane());
  }

  private Duration holdFor(ProxyRequest wanted) {
    Duration unasked = wanted.async() ? Duration.ZERO : entrance.hold().timeout();
    Duration asked = wanted.prefer().waitFor().orElse(unasked);
    Duration longest = entrance.hold().longest();
    return asked.compareTo(longest) > 0 ? longest : asked;
  }

  /** The key was used before: no new job was made, and {@code hold} waits for nothing. */
  private Future<Reply> answer(Acceptance acceptance, Optional<Hold> hold, Waiting waiting) {
    hold.ifPresent(Hold::abandon);
    return acceptance instanceof Acceptance.Existing(Job job)
        ? attach(job, waiting)
        : Future.failedFuture(
            Problem.of(422, "Idempotency-Key was used with another body").exception());
  }

  /** The same request again: answered like the first, by the same result. */
  private Future<Reply> attach(Job job, Waiting waiting) {
    waiting.span.about(job.id());
    job.submission().via().trace().ifPresent(waiting.span::link);
    Optional<Outcome> outcome = Outcome.of(job);
    if (outcome.isPresent()) {
      return Future.succeededFuture(waiting.withPreferences(replayed(job.id(), outcome.get())));
    }
    if (!waiting.isHeld()) {
      return waiting.until(job.id(), Optional.empty());
    }
    Hold hold = waiting.hold(job.id());
    services
        .store()
        .follow(job.id())
        .compose(_ -> services.store().find(job.id()))
        .onSuccess(found -> endIfFinished(job.id(), found))
        .onFailure(_ -> {}); // it goes on waiting within its hold
    return waiting.until(job.id(), Optional.of(hold));
  }

  /** It may have ended between being looked up and being held for. */
  private void endIfFinished(JobId id, Optional<Job> found) {
    found.flatMap(Outcome::of).ifPresent(outcome -> services.holds().ended(id, outcome));
  }

  private Reply replayed(JobId id, Outcome outcome) {
    return JobReplies.ended(id, outcome, entrance::reply).header("Idempotency-Replayed", "true");
  }

  /** One client's wait. */
  private final class Waiting {
    private final Request request;
    private final Span span;
    private final ProxyRequest wanted;
    private final Duration time;

    Waiting(Asking asking, ProxyRequest wanted, Duration time) {
      this.request = asking.request();
      this.span = asking.span();
      this.wanted = wanted;
      this.time = time;
    }

    /**
     * A start that comes later than this leaves the job too little time: three fifths of it. In
     * nanoseconds, as Duration's own division is one of decimal numbers.
     */
    Duration patience() {
      return Duration.ofNanos(time.toNanos() / 5 * 3);
    }

    boolean isHeld() {
      return !wanted.async() || !time.isZero();
    }

    Hold hold(JobId job) {
      Hold hold =
          HeldRequest.hold(
              services.holds(),
              job,
              time,
              entrance.lane().loop(),
              request,
              () -> span.end(HoldEnd.CLIENT_LEFT, false));
      hold.in(span.context());
      request.forgetHeaders();
      return hold;
    }

    Future<Reply> until(JobId job, Optional<Hold> hold) {
      return hold.isEmpty()
          ? Future.succeededFuture(withPreferences(JobReplies.accepted(job)))
          : hold.get().then(end -> ended(job, end).map(this::withPreferences));
    }

    private Future<Reply> ended(JobId job, HoldEnd end) {
      return switch (end) {
        case HoldEnd.Ended(Outcome outcome) ->
            Future.succeededFuture(JobReplies.ended(job, outcome, entrance::reply));
        case HoldEnd.Draining _ -> Future.succeededFuture(JobReplies.accepted(job));
        case HoldEnd.TimedOut _ when wanted.async() ->
            Future.succeededFuture(JobReplies.accepted(job));
        case HoldEnd.TimedOut _ -> timedOut(job);
      };
    }

    /** Says how far the job got, if the store can tell; the client hears of its time-out anyway. */
    private Future<Reply> timedOut(JobId job) {
      Problem problem = JobReplies.goesOn(job, wanted.key().isPresent());
      return services
          .store()
          .find(job)
          .map(found -> found.map(known -> problem.with("phase", Phase.of(known))).orElse(problem))
          .otherwise(problem)
          .map(answer -> JobReplies.about(job, answer.reply()));
    }

    Reply withPreferences(Reply reply) {
      boolean async = reply.status() == 202;
      return wanted
          .prefer()
          .applied(time, async)
          .map(applied -> reply.header("Preference-Applied", applied))
          .orElse(reply);
    }
  }
}
