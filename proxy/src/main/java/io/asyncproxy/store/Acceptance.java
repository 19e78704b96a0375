package io.asyncproxy.store;

import io.asyncproxy.job.Job;

/** What became of a new job. */
public sealed interface Acceptance {

  /** It is kept. */
  record Created() implements Acceptance {}

  /** Its key, with the same body, belongs to {@code job}; nothing was written. */
  record Existing(Job job) implements Acceptance {}

  /** Its key belongs to a job with another body; nothing was written. */
  record KeyReused() implements Acceptance {}
}
