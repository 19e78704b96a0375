package io.asyncproxy.trace;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.TraceContext;
import java.util.Map;
import java.util.Optional;

/** One step of a trace. Must not block. */
public interface Span {
  /** What the next steps belong to; empty where they belong to nothing. */
  Optional<TraceContext> context();

  /** Whether its end is recorded: where it is not, nobody need tell. */
  default boolean isRecording() {
    return false;
  }

  /** It is about {@code job}. */
  default void about(JobId job) {}

  /** It has to do with another trace too. */
  default void link(TraceContext other) {}

  /** It is over; an HTTP status, which is a failure from 500 on. */
  default void end(int status) {}

  /** It is over; {@code failed} or not. */
  default void end(String outcome, boolean failed) {}

  /** The header fields of a request that is this step. */
  default Map<String, String> headers() {
    return context()
        .map(
            of ->
                of.state().isEmpty()
                    ? Map.of("traceparent", of.parent())
                    : Map.of("traceparent", of.parent(), "tracestate", of.state()))
        .orElseGet(Map::of);
  }
}
