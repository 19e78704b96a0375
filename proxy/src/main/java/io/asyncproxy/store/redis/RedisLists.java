package io.asyncproxy.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.loop.Batches;
import io.asyncproxy.store.JobQuery;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is read across all shards: the earliest of sorted sets, pages of jobs, sums. */
final class RedisLists {
  private static final int PAGE = 200;

  private final RedisCommands redis;
  private final Function<JobId, Future<Optional<Job>>> find;

  RedisLists(RedisCommands redis, Function<JobId, Future<Optional<Job>>> find) {
    this.redis = redis;
    this.find = find;
  }

  private record Scored(JobId id, double score) {}

  /** Up to {@code limit} ids of the sorted sets, of those scored {@code until} at most. */
  Future<List<JobId>> earliest(IntFunction<String> set, Instant until, int limit) {
    return ofEach(
            shard ->
                redis
                    .send(
                        Command.ZRANGE,
                        set.apply(shard),
                        "-inf",
                        JobHash.millis(until),
                        "BYSCORE",
                        "LIMIT",
                        "0",
                        Integer.toString(limit),
                        "WITHSCORES")
                    .map(RedisLists::scored))
        .map(
            parts ->
                parts.stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.comparingDouble(Scored::score).thenComparing(Scored::id))
                    .limit(limit)
                    .map(Scored::id)
                    .toList());
  }

  static <T> Future<List<T>> ofEach(IntFunction<Future<T>> ofShard) {
    List<Future<T>> parts = IntStream.range(0, Keys.SHARDS).mapToObj(ofShard).toList();
    return Future.all(parts).map(_ -> parts.stream().map(Future::result).toList());
  }

  /** RESP2 lists members and scores in turn, RESP3 in pairs. */
  private static List<Scored> scored(@Nullable Response list) {
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; list != null && i < list.size(); i++) {
      Response member = list.get(i);
      boolean pair = RedisCommands.isList(member);
      String id = pair ? member.get(0).toString(UTF_8) : member.toString(UTF_8);
      String score = pair ? member.get(1).toString(UTF_8) : list.get(++i).toString(UTF_8);
      JobId.parse(id).ifPresent(known -> scored.add(new Scored(known, Double.parseDouble(score))));
    }
    return scored;
  }

  static List<JobId> ids(@Nullable Response list) {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; list != null && i < list.size(); i++) {
      JobId.parse(list.get(i).toString(UTF_8)).ifPresent(ids::add);
    }
    return ids;
  }

  /** How many there are in the sets. */
  Future<Long> sum(IntFunction<String> set) {
    return ofEach(
            shard ->
                redis
                    .send(Command.ZCARD, set.apply(shard))
                    .map(count -> count == null ? 0L : RedisCommands.number(count)))
        .map(counts -> counts.stream().mapToLong(Long::longValue).sum());
  }

  /** A page of jobs, newest first: ids are scored by when they were made, and sort by that too. */
  Future<List<Job>> list(JobQuery query) {
    boolean deadLetters = query.states().stream().allMatch(state -> state.isDeadLetter());
    Listing listing = new Listing(deadLetters ? Keys::dead : Keys::all, query);
    return Batches.whileMore(listing::readOn).map(_ -> List.copyOf(listing.found));
  }

  /** What a query has found so far, and before which job it reads on. */
  private final class Listing {
    private final IntFunction<String> set;
    private final JobQuery query;
    private final List<Job> found = new ArrayList<>();
    private Optional<JobId> before;

    Listing(IntFunction<String> set, JobQuery query) {
      this.set = set;
      this.query = query;
      this.before = query.before();
    }

    Future<Boolean> readOn() {
      return newest(set, before)
          .compose(
              ids -> {
                List<Future<Optional<Job>>> jobs = ids.stream().map(find).toList();
                return Future.all(jobs).map(_ -> add(ids, jobs));
              });
    }

    private boolean add(List<JobId> ids, List<Future<Optional<Job>>> jobs) {
      jobs.stream()
          .flatMap(job -> job.result().stream())
          .filter(query::matches)
          .limit(query.limit() - found.size())
          .forEach(found::add);
      before = ids.isEmpty() ? before : Optional.of(ids.getLast());
      return found.size() < query.limit() && ids.size() == PAGE;
    }
  }

  /** The newest ids before one, of all shards. */
  private Future<List<JobId>> newest(IntFunction<String> set, Optional<JobId> before) {
    String from = before.map(id -> Long.toString(id.createdMillis())).orElse("+inf");
    return ofEach(shard -> newest(set.apply(shard), from, before))
        .map(
            parts ->
                parts.stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.reverseOrder())
                    .limit(PAGE)
                    .toList());
  }

  /** Ids made in the same millisecond as {@code before} may come first, and are passed over. */
  private Future<List<JobId>> newest(String set, String from, Optional<JobId> before) {
    List<JobId> found = new ArrayList<>();
    int[] offset = {0};
    return Batches.whileMore(
            () ->
                newest(set, from, offset[0])
                    .map(
                        ids -> {
                          ids.stream()
                              .filter(id -> before.isEmpty() || id.compareTo(before.get()) < 0)
                              .forEach(found::add);
                          offset[0] += PAGE;
                          return ids.size() == PAGE && found.size() < PAGE;
                        }))
        .map(found);
  }

  private Future<List<JobId>> newest(String set, String from, int offset) {
    return redis
        .send(
            Command.ZRANGE,
            set,
            from,
            "-inf",
            "BYSCORE",
            "REV",
            "LIMIT",
            Integer.toString(offset),
            Integer.toString(PAGE))
        .map(RedisLists::ids);
  }
}
