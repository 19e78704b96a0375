package io.asyncproxy.api;

import io.asyncproxy.job.Job;

/** How far a job got, in the words of time-out answers. */
final class Phase {
  private Phase() {}

  static String of(Job job) {
    return switch (job.state()) {
      case ACCEPTED -> "queued";
      case STARTING -> "starting";
      case RUNNING -> "running";
      case COMPLETED, FAILED, CANCELLED, GIVEN_UP, EXPIRED -> "finished";
    };
  }
}
