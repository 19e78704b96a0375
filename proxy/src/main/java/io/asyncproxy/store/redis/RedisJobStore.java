package io.asyncproxy.store.redis;

import static io.asyncproxy.store.redis.RedisCommands.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.store.ChangeWatcher;
import io.asyncproxy.store.Claim;
import io.asyncproxy.store.Conflict;
import io.asyncproxy.store.Counts;
import io.asyncproxy.store.JobQuery;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note.Kind;
import io.asyncproxy.store.Notes;
import io.asyncproxy.store.StoreUnavailableException;
import io.asyncproxy.store.Verdict;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs in Redis 6.2 or newer: several processes with one store are one service. Each change is one
 * script, which Redis runs whole or not at all; what it promises to keep is Redis' own promise (see
 * {@link RedisPromise}). Thread-safe.
 */
public final class RedisJobStore implements JobStore {
  private static final Logger LOG = LoggerFactory.getLogger(RedisJobStore.class);
  private static final int KEY_TRIES = 5;

  private final RedisCommands redis;
  private final RedisNode node;
  private final RedisLists lists;
  private final RedisNotes notes;
  private final int replicas;
  private volatile ChangeWatcher watcher = (id, state, outcome) -> {};

  /** A store that is reached by {@code redis}; {@code node} is this process among the others. */
  RedisJobStore(RedisCommands redis, RedisNode node, int replicas) {
    this.redis = redis;
    this.node = node;
    this.replicas = replicas;
    this.lists = new RedisLists(redis, this::readable);
    this.notes = new RedisNotes(redis, lists);
    node.onChange(this::changedElsewhere);
  }

  /** The nodes of the service. */
  public RedisNode node() {
    return node;
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public Future<Acceptance> accept(Job job) {
    return accept(job, "", KEY_TRIES);
  }

  private Future<Acceptance> accept(Job job, String knownOwner, int triesLeft) {
    JobId id = job.id();
    Optional<IdempotencyKey> key = job.submission().key();
    List<String> keys = new ArrayList<>();
    keys.add(Keys.job(id));
    keys.add(Keys.due(Keys.shard(id)));
    keys.add(Keys.all(Keys.shard(id)));
    key.map(Keys::idempotency).ifPresent(keys::add);
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(id.toString()));
    arguments.add(bytes(JobHash.millis(job.wakeAt())));
    arguments.add(bytes(Long.toString(id.createdMillis())));
    arguments.add(bytes(knownOwner));
    arguments.addAll(JobHash.fields(job, node.id()));
    return redis
        .write(Scripts.ACCEPT, keys, arguments)
        .compose(
            answer -> {
              String owner = answer.toString();
              if (owner.equals("1")) {
                watcher.changed(id, job.state(), Optional.empty());
                return Future.succeededFuture(new Acceptance.Created());
              }
              return owned(job, key.orElseThrow(), owner, triesLeft);
            });
  }

  /** The key has an owner; it is free again where that surely did not start, or was forgotten. */
  private Future<Acceptance> owned(Job job, IdempotencyKey key, String owner, int triesLeft) {
    return owner(key, owner)
        .compose(
            found -> {
              if (found.isPresent()) {
                return Future.succeededFuture(Acceptance.of(key, found.get()));
              }
              return triesLeft > 0
                  ? accept(job, owner, triesLeft - 1)
                  : Future.failedFuture(
                      new StoreUnavailableException("too many use one idempotency key at once"));
            });
  }

  private Future<Optional<Job>> owner(IdempotencyKey key, String owner) {
    return JobId.parse(owner)
        .map(this::find)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .map(found -> found.filter(job -> holds(job, key)));
  }

  private static boolean holds(Job job, IdempotencyKey key) {
    boolean surelyNotStarted =
        job.failure().filter(failure -> failure.reason().surelyNotStarted()).isPresent();
    return !surelyNotStarted && job.submission().key().filter(key::sameKey).isPresent();
  }

  @Override
  public Future<Optional<Acceptance>> owner(IdempotencyKey key) {
    return redis
        .send(Command.GET, Keys.idempotency(key))
        .compose(
            owner ->
                owner == null
                    ? Future.succeededFuture(Optional.empty())
                    : owner(key, owner.toString(UTF_8))
                        .map(found -> found.map(job -> Acceptance.of(key, job))));
  }

  @Override
  public Future<Verdict> apply(JobId id, Change change) {
    int shard = Keys.shard(id);
    return redis
        .write(
            Scripts.APPLY,
            List.of(
                Keys.job(id),
                Keys.due(shard),
                Keys.expiry(shard),
                Keys.dead(shard),
                Keys.history(id)),
            ChangeArguments.of(id, change, node.id()))
        .map(
            answer -> {
              if (RedisCommands.isList(answer)) {
                return new Verdict.Refused(JobHash.read(id, answer));
              }
              if (RedisCommands.number(answer) == 0) {
                return new Verdict.Unknown();
              }
              watcher.changed(id, change.transition().to(), Outcome.of(change));
              return new Verdict.Applied();
            });
  }

  @Override
  public Future<Optional<Job>> find(JobId id) {
    int shard = Keys.shard(id);
    return redis
        .run(
            Scripts.FIND,
            List.of(Keys.job(id), Keys.history(id), Keys.due(shard), Keys.expiry(shard)),
            List.of(bytes(id.toString())))
        .map(
            found ->
                RedisCommands.isList(found)
                    ? Optional.of(JobHash.read(id, found))
                    : Optional.empty());
  }

  /** What the message does not say itself is read. */
  private void changedElsewhere(News news) {
    if (news.result().isPresent()) {
      watcher.changedElsewhere(
          news.id(), news.state().orElseThrow(), news.result().map(Outcome.Arrived::new));
      return;
    }
    find(news.id())
        .onSuccess(
            found ->
                found.ifPresent(
                    job -> watcher.changedElsewhere(job.id(), job.state(), Outcome.of(job))));
  }

  @Override
  public Future<Void> follow(JobId id) {
    return redis.run(Scripts.FOLLOW, List.of(Keys.job(id)), List.of(bytes(node.id()))).mapEmpty();
  }

  @Override
  public Future<List<JobId>> finished(List<JobId> ids) {
    List<Future<Optional<JobId>>> asked =
        ids.stream()
            .map(
                id ->
                    redis
                        .send(Command.HGET, Keys.job(id), "s")
                        .map(
                            state ->
                                state == null || JobHash.state(state.toString()).isFinished()
                                    ? Optional.of(id)
                                    : Optional.<JobId>empty()))
            .toList();
    return Future.all(asked)
        .map(_ -> asked.stream().flatMap(one -> one.result().stream()).toList());
  }

  /** Those that are due for the longest time, of all shards, and then of these who is still due. */
  @Override
  public Future<List<Job>> claimDue(Claim claim, int limit) {
    return lists
        .earliest(Keys::due, claim.now(), limit)
        .compose(
            due -> {
              Map<Integer, List<JobId>> byShard = new HashMap<>();
              due.forEach(
                  id -> byShard.computeIfAbsent(Keys.shard(id), _ -> new ArrayList<>()).add(id));
              List<Future<List<JobId>>> claims =
                  byShard.entrySet().stream()
                      .map(part -> claim(part.getKey(), part.getValue(), claim))
                      .toList();
              return Future.all(claims)
                  .map(_ -> claims.stream().flatMap(part -> part.result().stream()).toList())
                  .compose(claimed -> leased(due, claimed, claim));
            });
  }

  private Future<List<JobId>> claim(int shard, List<JobId> ids, Claim claim) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(JobHash.millis(claim.now())));
    arguments.add(bytes(JobHash.millis(claim.until())));
    ids.forEach(id -> arguments.add(bytes(id.toString())));
    return redis.run(Scripts.CLAIM, List.of(Keys.due(shard)), arguments).map(RedisLists::ids);
  }

  private Future<List<Job>> leased(List<JobId> due, List<JobId> claimed, Claim claim) {
    List<Future<Optional<Job>>> found =
        due.stream().filter(claimed::contains).map(this::readable).toList();
    return Future.all(found)
        .map(_ -> found.stream().flatMap(job -> job.result().stream()).toList())
        .compose(
            jobs -> {
              List<Job> leased = new ArrayList<>();
              List<Future<?>> moves = new ArrayList<>();
              for (Job job : jobs) {
                Instant lease = claim.leaseOf(job);
                leased.add(job.leasedUntil(lease));
                if (!lease.equals(claim.until())) {
                  moves.add(move(job.id(), "", lease));
                }
              }
              return Future.all(moves).map(_ -> leased);
            });
  }

  /** One that can't be read, as of another version, keeps no other from its turn. */
  private Future<Optional<Job>> readable(JobId id) {
    return find(id)
        .recover(
            failure -> {
              if (failure instanceof StoreUnavailableException) {
                return Future.failedFuture(failure);
              }
              LOG.error("Job {} can't be read, and is left as it is: {}", id, failure.toString());
              return Future.succeededFuture(Optional.empty());
            });
  }

  private Future<Void> move(JobId id, String state, Instant to) {
    return redis
        .run(
            Scripts.MOVE,
            List.of(Keys.job(id), Keys.due(Keys.shard(id))),
            List.of(bytes(id.toString()), bytes(state), bytes(JobHash.millis(to))))
        .mapEmpty();
  }

  @Override
  public Future<Void> release(List<JobId> ids, Instant now) {
    String accepted = JobHash.code(JobState.ACCEPTED);
    return Future.all(ids.stream().map(id -> move(id, accepted, now)).toList()).mapEmpty();
  }

  @Override
  public Future<Integer> purge(Instant now, int limit) {
    return lists
        .earliest(Keys::expiry, now, limit)
        .compose(
            over -> {
              List<Future<Boolean>> gone =
                  over.stream().map(id -> forgetUnlessOwed(id, now)).toList();
              return Future.all(gone).map(_ -> (int) gone.stream().filter(Future::result).count());
            });
  }

  /** Its delivery is in a shard of its own: nobody but who repeats one begins it meanwhile. */
  private Future<Boolean> forgetUnlessOwed(JobId id, Instant now) {
    String about = id.toString();
    return redis
        .send(Command.HEXISTS, Keys.notes(Kind.DELIVERY, Keys.shard(about)), about)
        .compose(
            owed -> RedisCommands.number(owed) == 0 ? forget(id, now, false) : putOff(id, now));
  }

  /** Unless it has another time by now, as that of a late result. */
  private Future<Boolean> putOff(JobId id, Instant now) {
    return redis
        .run(
            Scripts.CLAIM,
            List.of(Keys.expiry(Keys.shard(id))),
            List.of(
                bytes(JobHash.millis(now)),
                bytes(JobHash.millis(now.plus(PUT_OFF))),
                bytes(id.toString())))
        .map(true);
  }

  private Future<Boolean> forget(JobId id, Instant now, boolean deadLetterOnly) {
    int shard = Keys.shard(id);
    return redis
        .send(Command.HMGET, Keys.job(id), "ks", "kv")
        .compose(
            key -> {
              List<String> keys =
                  new ArrayList<>(
                      List.of(
                          Keys.job(id),
                          Keys.history(id),
                          Keys.conflicts(id),
                          Keys.due(shard),
                          Keys.expiry(shard),
                          Keys.dead(shard),
                          Keys.all(shard)));
              idempotencyKey(key).ifPresent(keys::add);
              return redis.run(
                  Scripts.FORGET,
                  keys,
                  List.of(
                      bytes(id.toString()),
                      bytes(JobHash.millis(now)),
                      bytes(deadLetterOnly ? "1" : "0")));
            })
        .map(answer -> RedisCommands.number(answer) == 1);
  }

  private static Optional<String> idempotencyKey(
      @org.jspecify.annotations.Nullable Response fields) {
    if (fields == null || fields.get(0) == null || fields.get(1) == null) {
      return Optional.empty();
    }
    return Optional.of(
        Keys.idempotency(
            new IdempotencyKey(
                fields.get(0).toString(UTF_8),
                fields.get(1).toString(UTF_8),
                new io.asyncproxy.job.Digest(""))));
  }

  @Override
  public Future<List<Job>> list(JobQuery query) {
    return lists.list(query);
  }

  @Override
  public Future<Counts> counts() {
    return lists
        .sum(Keys::due)
        .compose(open -> lists.sum(Keys::dead).map(dead -> new Counts(open, dead)));
  }

  @Override
  public Future<Boolean> discard(JobId id) {
    return forget(id, Instant.EPOCH, true);
  }

  @Override
  public Future<Void> keepConflict(JobId id, Conflict conflict) {
    String entry = new JsonArray().add(conflict.at().toEpochMilli()).add(conflict.body()).encode();
    return redis
        .write(
            Scripts.CONFLICT,
            List.of(Keys.job(id), Keys.conflicts(id)),
            List.of(bytes(Integer.toString(Conflict.KEPT_PER_JOB)), bytes(entry)))
        .mapEmpty();
  }

  @Override
  public Future<List<Conflict>> conflicts(JobId id) {
    return redis
        .send(Command.LRANGE, Keys.conflicts(id), "0", "-1")
        .map(
            list ->
                list == null
                    ? List.<Conflict>of()
                    : IntStream.range(0, list.size())
                        .mapToObj(i -> new JsonArray(list.get(i).toString(UTF_8)))
                        .map(
                            entry ->
                                new Conflict(
                                    Instant.ofEpochMilli(entry.getLong(0)), entry.getBinary(1)))
                        .toList());
  }

  @Override
  public Notes notes() {
    return notes;
  }

  @Override
  public Future<String> secret(String name, String candidate) {
    return redis
        .send(Command.SET, Keys.secret(name), candidate, "NX")
        .compose(_ -> redis.send(Command.GET, Keys.secret(name)))
        .map(kept -> kept == null ? candidate : kept.toString(UTF_8));
  }

  /** Writes something: only a write that succeeds proves that writes do. */
  @Override
  public Future<Void> check() {
    return redis.send(Command.SET, Keys.PROBE, node.id(), "EX", "60").mapEmpty();
  }

  @Override
  public Future<String> promise() {
    return RedisPromise.of(redis, replicas).map(RedisPromise::text);
  }

  @Override
  public void watch(ChangeWatcher newWatcher) {
    this.watcher = newWatcher;
  }

  @Override
  public Future<Void> close() {
    return node.close().transform(_ -> redis.close());
  }
}
