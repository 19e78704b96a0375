package io.asyncproxy.trace;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.TraceContext;
import java.util.Optional;

/**
 * Records the steps of jobs: one trace for each job, however long and at however many nodes its
 * steps are. Must not block; thread-safe.
 */
public interface Tracing extends AutoCloseable {

  /** Records nothing; what clients send is kept with their jobs and passed on. */
  Tracing NONE =
      new Tracing() {
        @Override
        public Span request(String route, Optional<TraceContext> client) {
          return PassedOn.of(client);
        }

        @Override
        public Span attempt(Job job) {
          return PassedOn.of(job.submission().via().trace());
        }

        @Override
        public Span delivery(JobId job, Optional<TraceContext> trace) {
          return PassedOn.of(trace);
        }

        @Override
        public void calledBack(JobId job, String receipt, long nanos) {}

        @Override
        public void close() {}
      };

  /** A client's request; the job that it makes belongs to its trace. */
  Span request(String route, Optional<TraceContext> client);

  /** An attempt to start {@code job}. */
  Span attempt(Job job);

  /** An attempt to deliver the result of {@code job}. */
  Span delivery(JobId job, Optional<TraceContext> trace);

  /**
   * Something came for {@code job} from the job server, and was dealt with within {@code nanos}.
   */
  void calledBack(JobId job, String receipt, long nanos);

  @Override
  void close();
}
