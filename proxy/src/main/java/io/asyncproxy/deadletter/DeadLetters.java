package io.asyncproxy.deadletter;

import io.asyncproxy.job.Digest;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Submission;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.store.JobQuery;
import io.asyncproxy.store.JobStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Jobs that were given up, with their requests. Repeating one makes a new job that names it; doing
 * so again gives the same new job, so that no click and no script runs a job twice. Thread-safe as
 * far as {@code random} is.
 */
public final class DeadLetters {
  /** Keys of replays are their own, so that no client's key can meet them. */
  private static final String SCOPE = "replay\n";

  private final JobStore store;
  private final Function<Submission, Future<Acceptance>> submit;
  private final RandomGenerator random;

  /** The dead letters in {@code store}; {@code submit} takes new jobs in. */
  public DeadLetters(
      JobStore store, Function<Submission, Future<Acceptance>> submit, RandomGenerator random) {
    this.store = store;
    this.submit = submit;
    this.random = random;
  }

  /** A page of them, newest first. */
  public Future<List<Job>> list(
      Optional<Failure.Reason> reason, Optional<JobId> before, int limit) {
    EnumSet<JobState> states = EnumSet.allOf(JobState.class);
    states.removeIf(state -> !state.isDeadLetter());
    return store.list(new JobQuery(states, Optional.empty(), reason, before, limit));
  }

  /** The dead letter; empty where {@code id} is none. */
  public Future<Optional<Job>> find(JobId id) {
    return store.find(id).map(found -> found.filter(job -> job.state().isDeadLetter()));
  }

  /** Repeats {@code letter}; the new job's id, or that of the job which repeats it already. */
  public Future<JobId> replay(Job letter, Instant now) {
    Submission old = letter.submission();
    IdempotencyKey once = new IdempotencyKey(SCOPE, letter.id().toString(), Digest.of(old.body()));
    JobId id = JobId.create(now.toEpochMilli(), random, once);
    Submission again =
        new Submission(
            id,
            old.account(),
            old.body(),
            now,
            Optional.empty(),
            Optional.of(once),
            Optional.of(letter.id()),
            old.owner(),
            old.via());
    return submit
        .apply(again)
        .map(
            acceptance ->
                acceptance instanceof Acceptance.Existing(Job existing) ? existing.id() : id);
  }

  /** Forgets it; false where {@code id} is no dead letter. */
  public Future<Boolean> discard(JobId id) {
    return store.discard(id);
  }
}
