package io.asyncproxy.store.redis;

import static io.asyncproxy.store.redis.RedisCommands.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.JobId;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Note.Kind;
import io.asyncproxy.store.Notes;
import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Notes in Redis: those about the same thing in one shard, so that a script can touch them. */
final class RedisNotes implements Notes {
  private static final Duration EARLY_KEPT = Duration.ofDays(8);

  /** A little more than a shard has of them. */
  private static final int EARLY_NAMED =
      2 * Math.ceilDiv(Kind.EARLY.most() + Kind.ORPHAN.most(), Keys.SHARDS);

  private static final List<Kind> BY_ABOUT = List.of(Kind.EARLY, Kind.ORPHAN);

  /** KEYS notes due early; ARGV id, due, value, most, whether the oldest makes room. */
  private static final Scripts PUT =
      Scripts.of(
          """
          if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0
              and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then
            if ARGV[5] == '0' then return 0 end
            local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
            redis.call('HDEL', KEYS[1], oldest)
            redis.call('ZREM', KEYS[2], oldest)
          end
          redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
          redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
          return 1
          """);

  /** KEYS notes due; ARGV id, value, or '' for any. Says whether it was there, and it is gone. */
  private static final Scripts TAKE =
      Scripts.of(
          """
          local now = redis.call('HGET', KEYS[1], ARGV[1])
          if not now or (ARGV[2] ~= '' and now ~= ARGV[2]) then return 0 end
          redis.call('HDEL', KEYS[1], ARGV[1])
          redis.call('ZREM', KEYS[2], ARGV[1])
          return 1
          """);

  /**
   * KEYS notes due new-notes new-due; ARGV id, value, new due, new value, most, whether the oldest
   * makes room. A compare-and-set.
   */
  private static final Scripts REPLACE =
      Scripts.of(
          """
          if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
          if KEYS[1] ~= KEYS[3] and redis.call('HLEN', KEYS[3]) >= tonumber(ARGV[5]) then
            if ARGV[6] == '0' then return 0 end
            local oldest = redis.call('ZRANGE', KEYS[4], 0, 0)[1]
            redis.call('HDEL', KEYS[3], oldest)
            redis.call('ZREM', KEYS[4], oldest)
          end
          redis.call('HDEL', KEYS[1], ARGV[1])
          redis.call('ZREM', KEYS[2], ARGV[1])
          redis.call('HSET', KEYS[3], ARGV[1], ARGV[4])
          redis.call('ZADD', KEYS[4], ARGV[3], ARGV[1])
          return 1
          """);

  /**
   * KEYS link notes due early orphans; ARGV id, due, value, most, how long early is kept, how many
   * it may name. Of those some may be gone; there is room for all that are not.
   */
  private static final Scripts JOB_OF =
      Scripts.of(
          """
          local job = redis.call('GET', KEYS[1])
          if job then return job end
          if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0
              and redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[4]) then
            return 0
          end
          if redis.call('SCARD', KEYS[4]) >= tonumber(ARGV[6]) then
            for _, id in ipairs(redis.call('SMEMBERS', KEYS[4])) do
              if redis.call('HEXISTS', KEYS[2], id) + redis.call('HEXISTS', KEYS[5], id) == 0 then
                redis.call('SREM', KEYS[4], id)
              end
            end
          end
          redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
          redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
          redis.call('SADD', KEYS[4], ARGV[1])
          redis.call('PEXPIRE', KEYS[4], ARGV[5])
          return 1
          """);

  /** KEYS link early; ARGV job, how long. Says the ids of what came before. */
  private static final Scripts LINK =
      Scripts.of(
          """
          redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
          return redis.call('SMEMBERS', KEYS[2])
          """);

  /** KEYS notes; ARGV ids. Says of each what it is about, and the first line of what it says. */
  private static final Scripts HEADS =
      Scripts.of(
          """
          local heads = {}
          for i, id in ipairs(ARGV) do
            local value = redis.call('HGET', KEYS[1], id)
            if value then
              local colon = string.find(value, ':', 1, true)
              local about = tonumber(string.sub(value, 1, colon - 1))
              local line = string.find(value, '\\n', colon + about + 1, true)
              heads[i] = line and string.sub(value, 1, line - 1) or value
            else
              heads[i] = false
            end
          end
          return heads
          """);

  private final RedisCommands redis;
  private final RedisLists lists;

  RedisNotes(RedisCommands redis, RedisLists lists) {
    this.redis = redis;
    this.lists = lists;
  }

  /** What a note says, with what it is about before it. */
  private static byte[] value(Note note) {
    byte[] about = note.about().getBytes(UTF_8);
    byte[] head = bytes(about.length + ":");
    byte[] value = new byte[head.length + about.length + note.content().length];
    System.arraycopy(head, 0, value, 0, head.length);
    System.arraycopy(about, 0, value, head.length, about.length);
    System.arraycopy(note.content(), 0, value, head.length + about.length, note.content().length);
    return value;
  }

  private static Note note(Kind kind, JobId id, Instant due, byte[] value) {
    int colon = 0;
    while (value[colon] != ':') {
      colon++;
    }
    int length = Integer.parseInt(new String(value, 0, colon, UTF_8));
    String about = new String(value, colon + 1, length, UTF_8);
    int from = colon + 1 + length;
    return new Note(kind, id, about, due, java.util.Arrays.copyOfRange(value, from, value.length));
  }

  private static List<String> keys(Kind kind, int shard) {
    return List.of(Keys.notes(kind, shard), Keys.notesDue(kind, shard));
  }

  private static byte[] most(Kind kind) {
    return bytes(Integer.toString(Math.ceilDiv(kind.most(), Keys.SHARDS)));
  }

  @Override
  public Future<Boolean> put(Note note) {
    return redis
        .write(
            PUT,
            keys(note.kind(), Keys.shard(note.about())),
            List.of(
                bytes(note.id().toString()),
                bytes(JobHash.millis(note.due())),
                value(note),
                most(note.kind()),
                bytes(note.kind().isOnlyKept() ? "1" : "0")))
        .map(answer -> RedisCommands.number(answer) == 1);
  }

  @Override
  public Future<Boolean> replace(Note before, Note after) {
    int shard = Keys.shard(before.about());
    List<String> keys = new ArrayList<>(keys(before.kind(), shard));
    keys.addAll(keys(after.kind(), shard));
    return redis
        .write(
            REPLACE,
            keys,
            List.of(
                bytes(before.id().toString()),
                value(before),
                bytes(JobHash.millis(after.due())),
                value(after),
                most(after.kind()),
                bytes(after.kind().isOnlyKept() ? "1" : "0")))
        .map(answer -> RedisCommands.number(answer) == 1);
  }

  /** Nobody says which shard it is in. */
  @Override
  public Future<Boolean> remove(Kind kind, JobId id) {
    return RedisLists.ofEach(
            shard ->
                redis
                    .write(TAKE, keys(kind, shard), List.of(bytes(id.toString()), bytes("")))
                    .map(answer -> RedisCommands.number(answer) == 1))
        .map(parts -> parts.contains(true));
  }

  @Override
  public Future<List<Note>> claimDue(Kind kind, Instant now, Instant until, int limit) {
    return lists
        .earliest(shard -> Keys.notesDue(kind, shard), now, limit)
        .compose(
            due ->
                due.isEmpty()
                    ? Future.succeededFuture(List.of())
                    : RedisLists.ofEach(shard -> claim(kind, shard, due, now, until))
                        .map(parts -> parts.stream().flatMap(List::stream).toList()));
  }

  private Future<List<Note>> claim(
      Kind kind, int shard, List<JobId> due, Instant now, Instant until) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(JobHash.millis(now)));
    arguments.add(bytes(JobHash.millis(until)));
    due.forEach(id -> arguments.add(bytes(id.toString())));
    return redis
        .run(Scripts.CLAIM, List.of(Keys.notesDue(kind, shard)), arguments)
        .compose(claimed -> read(kind, shard, RedisLists.ids(claimed), until));
  }

  private Future<List<Note>> read(Kind kind, int shard, List<JobId> ids, Instant due) {
    if (ids.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    List<String> arguments = new ArrayList<>();
    arguments.add(Keys.notes(kind, shard));
    ids.forEach(id -> arguments.add(id.toString()));
    return redis
        .send(Command.HMGET, arguments.toArray(String[]::new))
        .map(values -> notes(kind, ids, due, values));
  }

  private Future<List<Note>> heads(Kind kind, int shard, List<JobId> ids) {
    List<byte[]> arguments = ids.stream().map(id -> bytes(id.toString())).toList();
    return ids.isEmpty()
        ? Future.succeededFuture(List.of())
        : redis
            .run(HEADS, List.of(Keys.notes(kind, shard)), arguments)
            .map(values -> notes(kind, ids, Instant.EPOCH, values));
  }

  private static List<Note> notes(
      Kind kind, List<JobId> ids, Instant due, @Nullable Response values) {
    List<Note> notes = new ArrayList<>();
    for (int i = 0; values != null && i < values.size(); i++) {
      Response value = values.get(i);
      if (value != null) {
        notes.add(note(kind, ids.get(i), due, value.toBytes()));
      }
    }
    return notes;
  }

  @Override
  public Future<Optional<Note>> find(Kind kind, JobId id) {
    return RedisLists.ofEach(shard -> read(kind, shard, List.of(id), Instant.EPOCH))
        .map(parts -> parts.stream().flatMap(List::stream).findFirst());
  }

  /** As many as are kept of such a kind can all be read. */
  @Override
  public Future<List<Note>> list(Kind kind, Optional<JobId> before, int limit) {
    return RedisLists.ofEach(
            shard ->
                redis
                    .send(Command.HKEYS, Keys.notes(kind, shard))
                    .map(RedisLists::ids)
                    .compose(ids -> heads(kind, shard, newest(ids, before, limit))))
        .map(
            parts ->
                parts.stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.comparing(Note::id).reversed())
                    .limit(limit)
                    .toList());
  }

  private static List<JobId> newest(List<JobId> ids, Optional<JobId> before, int limit) {
    return ids.stream()
        .filter(id -> before.isEmpty() || id.compareTo(before.get()) < 0)
        .sorted(Comparator.reverseOrder())
        .limit(limit)
        .toList();
  }

  @Override
  public Future<Long> count(Kind kind) {
    return lists.sum(shard -> Keys.notesDue(kind, shard));
  }

  @Override
  public Future<Optional<JobId>> jobOf(String about, Note otherwise) {
    int shard = Keys.shard(about);
    List<String> keys = new ArrayList<>(List.of(Keys.link(about)));
    keys.addAll(keys(otherwise.kind(), shard));
    keys.add(Keys.early(about));
    keys.add(Keys.notes(Kind.ORPHAN, shard));
    return redis
        .write(
            JOB_OF,
            keys,
            List.of(
                bytes(otherwise.id().toString()),
                bytes(JobHash.millis(otherwise.due())),
                value(otherwise),
                most(otherwise.kind()),
                bytes(Long.toString(EARLY_KEPT.toMillis())),
                bytes(Integer.toString(EARLY_NAMED))))
        .map(RedisNotes::owner);
  }

  @Override
  public Future<Optional<JobId>> jobOf(String about) {
    return redis
        .send(Command.GET, Keys.link(about))
        .map(job -> Optional.ofNullable(job).flatMap(text -> JobId.parse(text.toString())));
  }

  private static Optional<JobId> owner(Response answer) {
    String text = answer.toString();
    if (text.equals("0")) {
      throw new StoreUnavailableException(NO_ROOM);
    }
    return JobId.parse(text);
  }

  @Override
  public Future<List<Note>> link(String about, JobId job, Instant now, Duration kept) {
    int shard = Keys.shard(about);
    return redis
        .write(
            LINK,
            List.of(Keys.link(about), Keys.early(about)),
            List.of(bytes(job.toString()), bytes(Long.toString(Math.max(1, kept.toMillis())))))
        .map(RedisLists::ids)
        .compose(
            ids ->
                ids.isEmpty()
                    ? Future.succeededFuture(List.of())
                    : Future.all(
                            BY_ABOUT.stream()
                                .map(kind -> read(kind, shard, ids, Instant.EPOCH))
                                .toList())
                        .map(
                            parts ->
                                parts.<List<Note>>list().stream().flatMap(List::stream).toList()));
  }

  /** Links expire by themselves. */
  @Override
  public Future<Integer> purge(Instant now, int limit) {
    List<Future<Integer>> purged =
        java.util.Arrays.stream(Kind.values())
            .filter(Kind::isOnlyKept)
            .map(kind -> purge(kind, now, limit))
            .toList();
    return Future.all(purged).map(_ -> purged.stream().mapToInt(Future::result).sum());
  }

  private Future<Integer> purge(Kind kind, Instant now, int limit) {
    return lists
        .earliest(shard -> Keys.notesDue(kind, shard), now, limit)
        .compose(
            over -> {
              List<Future<Boolean>> gone = over.stream().map(id -> remove(kind, id)).toList();
              return Future.all(gone).map(_ -> (int) gone.stream().filter(Future::result).count());
            });
  }
}
