package io.asyncproxy.dispatch;

import io.asyncproxy.job.Job;
import java.time.Duration;

/** Hears of attempts; where metrics hang on. Called on event loops: must not block. */
public interface StartListener {

  /** Hears nothing. */
  StartListener NONE = (job, outcome, took) -> {};

  /** A new job is kept. */
  default void accepted(Job job) {}

  /** An attempt is sent now. */
  default void sending(Job job) {}

  /** An attempt ended. */
  void attempted(Job job, StartOutcome outcome, Duration took);

  /** An attempt ended as {@code outcome} says, which could not be stored. */
  default void notStored(Job job, StartOutcome outcome) {}

  /** A further attempt is planned. */
  default void willRetry(Job job) {}
}
