package io.asyncproxy.telemetry;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.TraceContext;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The job that a line of the log is about, and its trace where that is known here: every line that
 * is about a job says "job" and its id.
 *
 * @param id the job
 * @param traceId the id of its trace
 */
public record LoggedJob(String id, Optional<String> traceId) {
  private static final Pattern JOB =
      Pattern.compile("\\b[Jj]ob ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\b");

  private static volatile Function<JobId, Optional<TraceContext>> traces = _ -> Optional.empty();

  /** From now on {@code known} tells the traces of jobs. */
  static void traces(Function<JobId, Optional<TraceContext>> known) {
    traces = known;
  }

  /** The job that {@code message} is about. */
  public static Optional<LoggedJob> of(String message) {
    Matcher job = JOB.matcher(message);
    return job.find() ? Optional.of(of(job)) : Optional.empty();
  }

  private static LoggedJob of(Matcher job) {
    Optional<TraceContext> trace = JobId.parse(job.group(1)).flatMap(id -> traces.apply(id));
    return new LoggedJob(job.group(1), trace.map(TraceContext::traceId));
  }
}
