package io.asyncproxy.hold;

import io.asyncproxy.job.JobId;
import java.util.OptionalLong;

/** Hears of answered holds; where metrics hang on. Must not block. */
@FunctionalInterface
public interface HoldListener {

  /** Hears nothing. */
  HoldListener NONE = (_, _, _, _) -> {};

  /**
   * A request is held no longer.
   *
   * @param job whose result it waited for
   * @param how answered, timed_out, draining or client_left
   * @param heldNanos how long it was held
   * @param addedNanos how much of that was not the job server's own time, from the start that was
   *     sent to the callback that came; empty where not both were here
   */
  void ended(JobId job, String how, long heldNanos, OptionalLong addedNanos);
}
