package io.asyncproxy.callback;

import io.asyncproxy.job.JobId;

/** Hears of callbacks; where metrics hang on. Called on event loops: must not block. */
@FunctionalInterface
public interface CallbackListener {

  /** Something about {@code job} has come, and is about to be stored. */
  default void arrived(JobId job) {}

  /** What came for {@code job} was dealt with, within {@code nanos}. */
  default void taken(JobId job, Receipt receipt, long nanos) {}

  /** A callback was dealt with. */
  void received(Receipt receipt);
}
