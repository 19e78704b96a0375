package io.asyncproxy.api;

import io.asyncproxy.dispatch.Refusal;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.RateLimiter;
import io.asyncproxy.http.Reply;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.job.Result;
import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** How the ends of jobs and of holds are answered: pure. */
final class JobReplies {
  private static final int BUSY_RETRY_SECONDS = 1;
  private static final String RETRYABLE = "retryable";

  private JobReplies() {}

  /** Where a job can be asked for. */
  static String location(JobId job) {
    return "/proxy/jobs/" + job;
  }

  /** The answer to who waited for the job until it ended; {@code arrived} answers a result. */
  static Reply ended(JobId job, Outcome outcome, Function<Result, Reply> arrived) {
    return about(
        job,
        switch (outcome) {
          case Outcome.Arrived(var result) -> arrived.apply(result);
          case Outcome.GivenUp(var failure) -> givenUp(job, failure);
          case Outcome.Cancelled _ -> problem(410, "The job was cancelled", job).reply();
        });
  }

  /** A result as it came, with the header fields that are passed on. */
  static Reply result(int status, Result result) {
    Map<String, String> fields = new LinkedHashMap<>(result.fields());
    String type = Optional.ofNullable(fields.remove("content-type")).orElse(Reply.JSON);
    return new Reply(status, type, result.body(), fields);
  }

  private static Reply givenUp(JobId job, Failure failure) {
    return switch (failure.reason()) {
      case REFUSED, SERVER_ERROR, INVALID, UNREACHABLE ->
          explained(problem(502, "Job server error", job), failure).reply();
      case BUSY ->
          explained(problem(503, "Job server busy", job), failure)
              .retryAfter(failure.retryAfterSeconds().orElse(BUSY_RETRY_SECONDS))
              .reply();
      case NOT_STARTED, UNCLEAR, NO_CALLBACK -> explained(timedOut(job), failure).reply();
    };
  }

  /** What happened, how far the job got, and whether repeating the request can run it twice. */
  private static Problem explained(Problem problem, Failure failure) {
    return withStatus(problem, failure)
        .with("detail", failure.detail())
        .with("reason", failure.reason().label())
        .with("phase", Phase.of(failure.reason()))
        .with(RETRYABLE, failure.reason().surelyNotStarted());
  }

  /** No job is made now. */
  static Problem refused(Refusal refusal) {
    long seconds = RateLimiter.seconds(refusal.retryAfter());
    return notTaken(503, refusal.error(), seconds);
  }

  /**
   * The store did not say that it has the job, which it may have all the same: only with a key is
   * asking again sure to be about the same job.
   */
  static Throwable notKept(Throwable failure, Optional<IdempotencyKey> key) {
    return failure instanceof StoreUnavailableException
        ? Problem.of(503, "Store unavailable")
            .with(RETRYABLE, key.isPresent())
            .retryAfter(1)
            .exception()
        : failure;
  }

  /** The account sends more than it may. */
  static Reply overRate(Duration reset) {
    return notTaken(429, "Too many requests of this account", RateLimiter.seconds(reset)).reply();
  }

  /** Everybody who is told to come back is told another time, so that they don't come at once. */
  private static Problem notTaken(int status, String error, long seconds) {
    long least = Math.max(1, seconds);
    long jitter = ThreadLocalRandom.current().nextLong(least / 4 + 1);
    return Problem.of(status, error).with(RETRYABLE, true).retryAfter(least + jitter);
  }

  private static Problem withStatus(Problem problem, Failure failure) {
    return failure.upstreamStatus().isPresent()
        ? problem.with("upstream_status", failure.upstreamStatus().getAsInt())
        : problem;
  }

  /**
   * The client's time is over, the job's is not: the same request again is the same job, by key.
   */
  static Problem goesOn(JobId job, boolean hasKey) {
    return timedOut(job).with(RETRYABLE, hasKey);
  }

  /** The client's time is over. */
  static Problem timedOut(JobId job) {
    return problem(504, "Job " + job + " timed out", job).header("Location", location(job));
  }

  /** The client doesn't wait: the job goes on, and can be asked for. */
  static Reply accepted(JobId job) {
    JsonObject body = new JsonObject().put("state", "running").put("id", job.toString());
    return about(job, Reply.json(202, body)).header("Location", location(job));
  }

  /** A problem with a job. */
  static Problem problem(int status, String error, JobId job) {
    return Problem.of(status, error).with("job", job.toString());
  }

  /** Every answer about a job says which. */
  static Reply about(JobId job, Reply reply) {
    return reply.header("Job-Id", job.toString());
  }
}
