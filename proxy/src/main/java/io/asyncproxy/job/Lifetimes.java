package io.asyncproxy.job;

import java.time.Duration;
import java.time.Instant;

/**
 * How long jobs may take and are kept.
 *
 * @param timeout how long the start, and after it the callback, may take
 * @param retention how long decided jobs are kept
 * @param deadLetterRetention how long dead letters are kept
 */
public record Lifetimes(Duration timeout, Duration retention, Duration deadLetterRetention) {

  /** When a job that was never started expires. */
  public Instant startBefore(Submission submission) {
    return submission.createdAt().plus(timeout);
  }

  /** When a job that was sent, or may have been, expires. */
  public Instant callbackBefore(Job job, Instant now) {
    return job.startedAt().orElse(now).plus(timeout);
  }

  /** When {@code job} expires. */
  public Instant end(Job job, Instant now) {
    return job.state() == JobState.ACCEPTED
        ? startBefore(job.submission())
        : callbackBefore(job, now);
  }
}
