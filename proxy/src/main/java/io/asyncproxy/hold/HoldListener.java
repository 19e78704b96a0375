package io.asyncproxy.hold;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.TraceContext;
import java.util.Optional;
import java.util.OptionalLong;

/** Hears of requests that are held no longer; where metrics hang on. Must not block. */
@FunctionalInterface
public interface HoldListener {

  /** Hears nothing. */
  HoldListener NONE = _ -> {};

  /**
   * How a hold ended.
   *
   * @param job whose result was waited for
   * @param how answered, timed_out, draining or client_left
   * @param heldNanos how long it was held
   * @param addedNanos how much of that was not the job server's own time, from the start that was
   *     sent to the callback that came; empty where not both were here
   * @param trace the trace of the request
   */
  record End(
      JobId job,
      String how,
      long heldNanos,
      OptionalLong addedNanos,
      Optional<TraceContext> trace) {}

  /** A request is held no longer. */
  void ended(End end);
}
