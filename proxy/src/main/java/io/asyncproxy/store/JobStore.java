package io.asyncproxy.store;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where jobs are kept, and where every race about them is decided: of two changes that exclude each
 * other one is applied and one is not, whoever asks, and from wherever.
 *
 * <p>What a future says is durable when it completes. Futures complete on the caller's event loop,
 * or at once. They fail with {@link StoreUnavailableException} when the store can't be reached or
 * is full; then nothing was written, or it can't be known, and the caller must not claim success.
 */
public interface JobStore {

  /** Keeps a new job, unless its idempotency key already belongs to one. */
  Future<Acceptance> accept(Job job);

  /**
   * What {@link #accept} would say of {@code key} if it belongs to a job already; empty where it is
   * free.
   */
  Future<Optional<Acceptance>> owner(IdempotencyKey key);

  /** Applies {@code change} to the job if {@link Job#allows} says so; a compare-and-set. */
  Future<Verdict> apply(JobId id, Change change);

  /** The job as it is. */
  Future<Optional<Job>> find(JobId id);

  /**
   * Takes up to {@code limit} unfinished jobs that are due, those first that are for the longest
   * time, and sets their {@code wakeAt} as {@link Claim#leaseOf} says, so that nobody else is given
   * the same jobs before then.
   */
  Future<List<Job>> claimDue(Claim claim, int limit);

  /** Whether several processes share this store, so that jobs change behind this one's back. */
  default boolean isShared() {
    return false;
  }

  /** From now on this process hears of the changes of a job that it did not make itself. */
  default Future<Void> follow(JobId id) {
    return Future.succeededFuture();
  }

  /** Which of {@code ids} are finished, or gone. */
  default Future<List<JobId>> finished(List<JobId> ids) {
    return Future.succeededFuture(List.of());
  }

  /** Makes unstarted jobs due now, which this process was going to start: others take them over. */
  default Future<Void> release(List<JobId> ids, Instant now) {
    return Future.succeededFuture();
  }

  /** For how long it is put off that a job is forgotten whose result is still to be delivered. */
  Duration PUT_OFF = Duration.ofSeconds(5);

  /**
   * Forgets up to {@code limit} finished jobs whose time has come, but for those with a {@link
   * Note.Kind#DELIVERY}, which are put off or passed over; how many were forgotten or put off.
   */
  Future<Integer> purge(Instant now, int limit);

  /** A page of jobs, newest first. */
  Future<List<Job>> list(JobQuery query);

  /** How many there are. */
  Future<Counts> counts();

  /** Forgets a dead letter; false where {@code id} is none. */
  Future<Boolean> discard(JobId id);

  /** Keeps a second, different result of a decided job for inspection; a few for each job. */
  Future<Void> keepConflict(JobId id, Conflict conflict);

  /** The results that came second, oldest first. */
  Future<List<Conflict>> conflicts(JobId id);

  /** What is kept beside the jobs. */
  Notes notes();

  /** The secret called {@code name}: {@code candidate} from now on, if there was none. */
  Future<String> secret(String name, String candidate);

  /** Whether the store can be written to; fails with the reason where it can't. */
  Future<Void> check();

  /** What is kept of what was answered, and when not; a sentence for operators. */
  Future<String> promise();

  /** From now on {@code watcher} hears of every change. Only one can. */
  void watch(ChangeWatcher watcher);

  /** Stops; what was accepted is kept as far as the store's promise goes. */
  Future<Void> close();
}
