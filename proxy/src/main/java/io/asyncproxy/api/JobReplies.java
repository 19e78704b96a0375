package io.asyncproxy.api;

import io.asyncproxy.http.Problem;
import io.asyncproxy.http.Reply;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Outcome;
import io.vertx.core.json.JsonObject;

/** How the ends of jobs and of holds are answered: pure. */
final class JobReplies {
  private static final int BUSY_RETRY_SECONDS = 1;

  private JobReplies() {}

  /** Where a job can be asked for. */
  static String location(JobId job) {
    return "/proxy/jobs/" + job;
  }

  /** The answer to who waited for the job until it ended. */
  static Reply ended(JobId job, Outcome outcome) {
    return about(
        job,
        switch (outcome) {
          case Outcome.Arrived(var result) -> Reply.json(200, result.body());
          case Outcome.GivenUp(var failure) -> givenUp(job, failure);
          case Outcome.Cancelled _ -> problem(410, "The job was cancelled", job).reply();
        });
  }

  private static Reply givenUp(JobId job, Failure failure) {
    return switch (failure.reason()) {
      case REFUSED, SERVER_ERROR, INVALID, UNREACHABLE -> badGateway(job, failure).reply();
      case BUSY ->
          withStatus(problem(503, "Job server busy", job), failure)
              .with("detail", failure.detail())
              .with("reason", failure.reason().label())
              .retryAfter(failure.retryAfterSeconds().orElse(BUSY_RETRY_SECONDS))
              .reply();
      case NOT_STARTED, UNCLEAR, NO_CALLBACK ->
          timedOut(job).with("reason", failure.reason().label()).reply();
    };
  }

  private static Problem badGateway(JobId job, Failure failure) {
    return withStatus(problem(502, "Job server error", job), failure)
        .with("detail", failure.detail())
        .with("reason", failure.reason().label());
  }

  private static Problem withStatus(Problem problem, Failure failure) {
    return failure.upstreamStatus().isPresent()
        ? problem.with("upstream_status", failure.upstreamStatus().getAsInt())
        : problem;
  }

  /** The client's time is over, the job's may not be. */
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
