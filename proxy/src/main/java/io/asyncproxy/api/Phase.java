package io.asyncproxy.api;

import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;

/** How far a job got, in the words of time-out answers. */
final class Phase {
  private static final String QUEUED = "queued";
  private static final String STARTING = "starting";
  private static final String RUNNING = "running";

  private Phase() {}

  /** Where a job that was given up for {@code reason} got to. */
  static String of(Failure.Reason reason) {
    return switch (reason) {
      case REFUSED, BUSY, UNREACHABLE, NOT_STARTED -> QUEUED;
      case SERVER_ERROR, INVALID, UNCLEAR -> STARTING;
      case NO_CALLBACK -> RUNNING;
    };
  }

  static String of(Job job) {
    return switch (job.state()) {
      case ACCEPTED -> QUEUED;
      case STARTING -> STARTING;
      case RUNNING -> RUNNING;
      case COMPLETED, FAILED, CANCELLED, GIVEN_UP, EXPIRED -> "finished";
    };
  }
}
