package io.asyncproxy.store.memory;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.store.ChangeWatcher;
import io.asyncproxy.store.Claim;
import io.asyncproxy.store.Conflict;
import io.asyncproxy.store.Counts;
import io.asyncproxy.store.JobQuery;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Notes;
import io.asyncproxy.store.StoreUnavailableException;
import io.asyncproxy.store.Verdict;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Jobs in memory, gone with the process. For development, tests and measuring.
 *
 * <p>Holds up to a number of bytes: when they are used up, finished jobs are forgotten before their
 * time, oldest first, and when there are none, new jobs are refused. Thread-safe: one lock guards
 * all fields, nothing slow happens under it, and watchers are called outside of it.
 */
public final class MemoryJobStore implements JobStore {
  private static final Future<Acceptance> CREATED = done(new Acceptance.Created());
  private static final Future<Verdict> APPLIED = done(new Verdict.Applied());
  private static final Future<Verdict> UNKNOWN = done(new Verdict.Unknown());

  private record KeyName(String scope, String value) {
    static KeyName of(IdempotencyKey key) {
      return new KeyName(key.scope(), key.value());
    }
  }

  private final Object lock = new Object();
  private final long capacityBytes;
  private final Map<JobId, Job> unfinished = new HashMap<>();
  private final FinishedJobs finished = new FinishedJobs();
  private final DueJobs due = new DueJobs();
  private final Map<KeyName, JobId> keys = new HashMap<>();
  private final Map<JobId, List<Conflict>> conflicts = new HashMap<>();
  private final Map<String, String> secrets = new HashMap<>();
  private final MemoryNotes notes = new MemoryNotes();
  private long bytes;
  private volatile ChangeWatcher watcher = (id, state, outcome) -> {};

  /** A store for up to {@code capacityBytes} of jobs, their bookkeeping included. */
  public MemoryJobStore(long capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  @Override
  public Future<Acceptance> accept(Job job) {
    synchronized (lock) {
      Optional<IdempotencyKey> key = job.submission().key();
      if (key.isPresent()) {
        Optional<Job> owner = ownerOf(key.get());
        if (owner.isPresent()) {
          return done(Acceptance.of(key.get(), owner.get()));
        }
      }
      if (!makeRoom(JobSize.of(job))) {
        return Future.failedFuture(new StoreUnavailableException("the memory store is full"));
      }
      key.ifPresent(k -> keys.put(KeyName.of(k), job.id()));
      unfinished.put(job.id(), job);
      due.add(job);
      bytes += JobSize.of(job);
    }
    watcher.changed(job.id(), job.state(), Optional.empty());
    return CREATED;
  }

  private Optional<Job> ownerOf(IdempotencyKey key) {
    return Optional.ofNullable(keys.get(KeyName.of(key))).flatMap(this::lookUp);
  }

  @Override
  public Future<Optional<Acceptance>> owner(IdempotencyKey key) {
    synchronized (lock) {
      return done(ownerOf(key).map(owner -> Acceptance.of(key, owner)));
    }
  }

  private boolean makeRoom(long wanted) {
    while (bytes + wanted > capacityBytes) {
      Optional<Job> oldest = finished.oldest();
      if (oldest.isEmpty()) {
        return false;
      }
      forget(oldest.get());
    }
    return true;
  }

  @Override
  public Future<Verdict> apply(JobId id, Change change) {
    synchronized (lock) {
      Optional<Job> before = lookUp(id);
      if (before.isEmpty()) {
        return UNKNOWN;
      }
      Optional<Job> after = before.get().after(change);
      if (after.isEmpty()) {
        return done(new Verdict.Refused(before.get()));
      }
      replace(before.get(), after.get());
    }
    watcher.changed(id, change.transition().to(), Outcome.of(change));
    return APPLIED;
  }

  private void replace(Job before, Job after) {
    bytes += JobSize.of(after) - JobSize.of(before);
    if (!after.state().isFinished()) {
      unfinished.put(after.id(), after);
      due.moved(before, after);
      return;
    }
    unfinished.remove(after.id());
    finished.replace(before, after);
    boolean keyIsFree = after.failure().filter(f -> f.reason().surelyNotStarted()).isPresent();
    if (keyIsFree) {
      freeKey(after);
    }
  }

  private void freeKey(Job job) {
    job.submission().key().ifPresent(key -> keys.remove(KeyName.of(key), job.id()));
  }

  private void forget(Job job) {
    finished.remove(job);
    freeKey(job);
    List<Conflict> seconds = conflicts.remove(job.id());
    if (seconds != null) {
      bytes -= seconds.stream().mapToLong(second -> second.body().length).sum();
    }
    bytes -= JobSize.of(job);
  }

  private Optional<Job> lookUp(JobId id) {
    Job job = unfinished.get(id);
    return job != null ? Optional.of(job) : finished.find(id);
  }

  @Override
  public Future<Optional<Job>> find(JobId id) {
    synchronized (lock) {
      return done(lookUp(id));
    }
  }

  @Override
  public Future<List<Job>> claimDue(Claim claim, int limit) {
    synchronized (lock) {
      List<Job> claimed = new ArrayList<>();
      for (Job found : due.take(claim.now(), limit, unfinished)) {
        Job job = found.leasedUntil(claim.leaseOf(found));
        unfinished.put(job.id(), job);
        due.add(job);
        claimed.add(job);
      }
      return done(claimed);
    }
  }

  @Override
  public Future<Integer> purge(Instant now, int limit) {
    synchronized (lock) {
      List<Job> over = finished.over(now, limit, notes::isToBeDelivered);
      over.forEach(this::forget);
      return done(over.size());
    }
  }

  @Override
  public Future<List<Job>> list(JobQuery query) {
    synchronized (lock) {
      return done(
          Stream.concat(unfinished.values().stream(), finished.stream())
              .filter(query::matches)
              .sorted(Comparator.comparing(Job::id).reversed())
              .limit(query.limit())
              .toList());
    }
  }

  @Override
  public Future<Counts> counts() {
    synchronized (lock) {
      return done(new Counts(unfinished.size(), finished.deadLetters()));
    }
  }

  @Override
  public Future<Boolean> discard(JobId id) {
    synchronized (lock) {
      Optional<Job> letter = finished.find(id).filter(job -> job.state().isDeadLetter());
      letter.ifPresent(this::forget);
      return done(letter.isPresent());
    }
  }

  @Override
  public Future<Void> keepConflict(JobId id, Conflict conflict) {
    synchronized (lock) {
      if (lookUp(id).isPresent()) {
        List<Conflict> kept = conflicts.computeIfAbsent(id, _ -> new ArrayList<>());
        if (kept.size() < Conflict.KEPT_PER_JOB) {
          kept.add(conflict);
          bytes += conflict.body().length;
          makeRoom(0);
        }
      }
      return Future.succeededFuture();
    }
  }

  @Override
  public Future<List<Conflict>> conflicts(JobId id) {
    synchronized (lock) {
      return done(List.copyOf(conflicts.getOrDefault(id, List.of())));
    }
  }

  @Override
  public Notes notes() {
    return notes;
  }

  @Override
  public Future<String> secret(String name, String candidate) {
    synchronized (lock) {
      secrets.putIfAbsent(name, candidate);
      return done(secrets.getOrDefault(name, candidate));
    }
  }

  @Override
  public Future<Void> check() {
    return Future.succeededFuture();
  }

  @Override
  public Future<String> promise() {
    return done("in memory: gone with the process");
  }

  @Override
  public void watch(ChangeWatcher newWatcher) {
    this.watcher = newWatcher;
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  /** How many rows of any kind are kept; zero when everything was purged. */
  int rows() {
    synchronized (lock) {
      int jobs = unfinished.size() + finished.size() + due.size();
      return jobs + keys.size() + conflicts.size() + notes.rows();
    }
  }

  private static <T> Future<T> done(T value) {
    return Future.succeededFuture(value);
  }
}
