package io.asyncproxy.api;

import io.asyncproxy.hold.Hold;
import io.asyncproxy.http.Caller;
import io.asyncproxy.http.Endpoint;
import io.asyncproxy.http.JobView;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.Reply;
import io.asyncproxy.http.Request;
import io.asyncproxy.http.VertxRequest;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Result;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.store.Verdict;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /proxy/jobs/{id}}: asks for a job, waits for it, follows it, or calls it off. Of one loop.
 */
public final class JobHandler {
  private final Services services;
  private final EventLoop loop;

  /** A handler on {@code loop}. */
  public JobHandler(Services services, EventLoop loop) {
    this.services = services;
    this.loop = loop;
  }

  /** What is asked for of one job. */
  @FunctionalInterface
  private interface Question {
    Future<Reply> answer(JobId id, Caller caller, Request request);
  }

  /** The endpoint of the job that {@code text} names. */
  public Endpoint endpoint(String text) {
    return new Endpoint(
        "/proxy/jobs/{id}",
        Map.of(HttpMethod.GET, of(text, this::get), HttpMethod.DELETE, of(text, this::cancel)));
  }

  /** The endpoint of the result of the job that {@code text} names: the bytes themselves. */
  public Endpoint resultOf(String text) {
    return new Endpoint(
        "/proxy/jobs/{id}/result",
        Map.of(
            HttpMethod.GET, of(text, (id, caller, _) -> find(id, caller).map(JobHandler::result))));
  }

  /** Who may not ask is not told what is a job's name, either. */
  private Endpoint.Handler of(String text, Question question) {
    return request -> {
      Caller caller = services.callers().of(request);
      return question.answer(JobId.parse(text).orElseThrow(JobHandler::notFound), caller, request);
    };
  }

  private static Reply result(Job job) {
    Result result =
        job.result().orElseThrow(() -> Problem.of(404, "The job has no result").exception());
    return JobReplies.about(job.id(), JobReplies.result(200, result));
  }

  private Future<Reply> get(JobId id, Caller caller, Request request) {
    boolean isGet = request.method().equals(HttpMethod.GET);
    if (isGet && request instanceof VertxRequest whole && EventStream.isWanted(request)) {
      return new EventStream(services, loop, id, caller, whole).begin();
    }
    Preferences prefer = Preferences.parse(request.headers().getAll("Prefer"));
    Optional<Duration> wait = prefer.waitFor().map(this::capped);
    return wait.isEmpty() || wait.get().isZero()
        ? find(id, caller).map(JobHandler::view)
        : longPoll(id, caller, wait.get(), request)
            .map(reply -> reply.header("Preference-Applied", "wait=" + wait.get().toSeconds()));
  }

  private Duration capped(Duration wait) {
    Duration longest = services.hold().longest();
    return wait.compareTo(longest) > 0 ? longest : wait;
  }

  /** Held for first and looked at afterwards, so that an end in between is not missed. */
  private Future<Reply> longPoll(JobId id, Caller caller, Duration wait, Request request) {
    Hold hold = HeldRequest.hold(services.holds(), id, wait, loop, request, () -> {});
    return services
        .store()
        .follow(id)
        .compose(_ -> find(id, caller))
        .onFailure(_ -> hold.abandon())
        .compose(
            job -> {
              if (job.state().isFinished()) {
                hold.abandon();
                return Future.succeededFuture(view(job));
              }
              return hold.then(_ -> find(id, caller)).map(JobHandler::view);
            });
  }

  private Future<Job> find(JobId id, Caller caller) {
    return services
        .store()
        .find(id)
        .map(found -> found.filter(caller::owns).orElseThrow(() -> notFound()));
  }

  private static Reply view(Job job) {
    return JobReplies.about(job.id(), Reply.json(200, JobView.json(job)));
  }

  private Future<Reply> cancel(JobId id, Caller caller, Request request) {
    return caller.equals(Caller.ANYONE) ? cancel(id) : find(id, caller).compose(_ -> cancel(id));
  }

  private Future<Reply> cancel(JobId id) {
    Instant now = services.clock().instant();
    Change cancel = new Change.Cancel(now, now.plus(services.lifetimes().retention()));
    return services
        .store()
        .apply(id, cancel)
        .map(
            verdict ->
                switch (verdict) {
                  case Verdict.Applied _ -> JobReplies.about(id, Reply.empty(204));
                  case Verdict.Unknown _ -> throw notFound();
                  case Verdict.Refused(Job job) ->
                      JobReplies.about(
                          id,
                          JobReplies.problem(409, "The job is finished: " + job.state().label(), id)
                              .with("state", job.state().label())
                              .reply());
                });
  }

  private static RuntimeException notFound() {
    return Problem.of(404, "No such job").exception();
  }
}
