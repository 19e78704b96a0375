package io.asyncproxy.store;

import java.time.Instant;

/** A result that came when the job had already been decided by another one. */
public record Conflict(Instant at, byte[] body) {

  /** How many a store keeps for one job: the first ones. */
  public static final int KEPT_PER_JOB = 5;
}
