package io.asyncproxy.store;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A store whose answers are timed: what clients, attempts and callbacks wait for, and what is done
 * beside it.
 *
 * @param store the store itself
 * @param listener told how long each question took
 */
public record TimedStore(JobStore store, StoreListener listener) implements JobStore {
  /** What is timed. */
  public static final List<String> OPERATIONS =
      List.of("accept", "apply", "find", "claim", "purge", "list", "count", "check");

  private <T> Future<T> timed(String operation, long began, Future<T> asked) {
    return asked.onComplete(_ -> listener.asked(operation, System.nanoTime() - began));
  }

  @Override
  public Future<Acceptance> accept(Job job) {
    return timed("accept", System.nanoTime(), store.accept(job));
  }

  @Override
  public Future<Optional<Acceptance>> owner(IdempotencyKey key) {
    return timed("find", System.nanoTime(), store.owner(key));
  }

  @Override
  public Future<Verdict> apply(JobId id, Change change) {
    return timed("apply", System.nanoTime(), store.apply(id, change));
  }

  @Override
  public Future<Optional<Job>> find(JobId id) {
    return timed("find", System.nanoTime(), store.find(id));
  }

  @Override
  public Future<List<Job>> claimDue(Claim claim, int limit) {
    return timed("claim", System.nanoTime(), store.claimDue(claim, limit));
  }

  @Override
  public boolean isShared() {
    return store.isShared();
  }

  @Override
  public Future<Void> follow(JobId id) {
    return store.follow(id);
  }

  @Override
  public Future<List<JobId>> finished(List<JobId> ids) {
    return timed("find", System.nanoTime(), store.finished(ids));
  }

  @Override
  public Future<Void> release(List<JobId> ids, Instant now) {
    return store.release(ids, now);
  }

  @Override
  public Future<Integer> purge(Instant now, int limit) {
    return timed("purge", System.nanoTime(), store.purge(now, limit));
  }

  @Override
  public Future<List<Job>> list(JobQuery query) {
    return timed("list", System.nanoTime(), store.list(query));
  }

  @Override
  public Future<Counts> counts() {
    return timed("count", System.nanoTime(), store.counts());
  }

  @Override
  public Future<Boolean> discard(JobId id) {
    return timed("apply", System.nanoTime(), store.discard(id));
  }

  @Override
  public Future<Void> keepConflict(JobId id, Conflict conflict) {
    return store.keepConflict(id, conflict);
  }

  @Override
  public Future<List<Conflict>> conflicts(JobId id) {
    return store.conflicts(id);
  }

  @Override
  public Notes notes() {
    return store.notes();
  }

  @Override
  public Future<String> secret(String name, String candidate) {
    return store.secret(name, candidate);
  }

  @Override
  public Future<Void> check() {
    return timed("check", System.nanoTime(), store.check());
  }

  @Override
  public Future<String> promise() {
    return store.promise();
  }

  @Override
  public void watch(ChangeWatcher watcher) {
    store.watch(watcher);
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }
}
