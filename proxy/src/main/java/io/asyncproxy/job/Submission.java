package io.asyncproxy.job;

import java.time.Instant;
import java.util.Optional;

/**
 * What a client asked for: everything about a job that never changes.
 *
 * @param id the job's id
 * @param account whose job it is, 1..256 characters
 * @param body the JSON object for the job server, without {@code wait} and {@code callback}
 * @param createdAt when it was accepted
 * @param holdUntil until when a client is held for it; empty for a job answered 202, which is tried
 *     until it expires
 * @param key the client's idempotency key
 * @param replayOf the dead letter that this job repeats
 * @param owner the name of the API key that asked for it; empty where there are none
 * @param via the way that it came in by
 */
public record Submission(
    JobId id,
    String account,
    byte[] body,
    Instant createdAt,
    Optional<Instant> holdUntil,
    Optional<IdempotencyKey> key,
    Optional<JobId> replayOf,
    String owner,
    Via via) {

  /** A submission of nobody in particular. */
  public Submission(
      JobId id,
      String account,
      byte[] body,
      Instant createdAt,
      Optional<Instant> holdUntil,
      Optional<IdempotencyKey> key,
      Optional<JobId> replayOf) {
    this(id, account, body, createdAt, holdUntil, key, replayOf, "", Via.DEFAULT);
  }

  /** A submission with neither idempotency key nor predecessor. */
  public Submission(
      JobId id, String account, byte[] body, Instant createdAt, Optional<Instant> holdUntil) {
    this(id, account, body, createdAt, holdUntil, Optional.empty(), Optional.empty());
  }

  /** The same, for a job that is found by what the job server calls it. */
  public Submission foundById() {
    return new Submission(
        id, account, body, createdAt, holdUntil, key, replayOf, owner, via.foundById());
  }

  /** The same without its body, once nobody needs that any more. */
  Submission withoutBody() {
    return new Submission(id, account, NO_BODY, createdAt, holdUntil, key, replayOf, owner, via);
  }

  private static final byte[] NO_BODY = {};
}
