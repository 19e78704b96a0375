package io.asyncproxy.store;

import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;

/** What became of a new job. */
public sealed interface Acceptance {

  /** It is kept. */
  record Created() implements Acceptance {}

  /** Its key, with the same body, belongs to {@code job}; nothing was written. */
  record Existing(Job job) implements Acceptance {}

  /** Its key belongs to a job with another body; nothing was written. */
  record KeyReused() implements Acceptance {}

  /** What follows for a new job with {@code key}, which belongs to {@code owner}. */
  static Acceptance of(IdempotencyKey key, Job owner) {
    boolean sameBody = owner.submission().key().filter(key::equals).isPresent();
    return sameBody ? new Existing(owner) : new KeyReused();
  }
}
