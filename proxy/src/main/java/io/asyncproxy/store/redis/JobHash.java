package io.asyncproxy.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Digest;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Progress;
import io.asyncproxy.job.Result;
import io.asyncproxy.job.Submission;
import io.asyncproxy.job.TraceContext;
import io.asyncproxy.job.Via;
import io.asyncproxy.store.StateCodes;
import io.vertx.core.json.JsonArray;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a job is written as a hash, and read from one. When it has to be looked at again is not in
 * the hash but the score of its sorted set, so that it stands in one place.
 */
final class JobHash {
  private JobHash() {}

  static String code(JobState state) {
    return Integer.toString(StateCodes.of(state));
  }

  static JobState state(String code) {
    return StateCodes.state(Integer.parseInt(code));
  }

  /** A new job's fields and values in turn. */
  static List<byte[]> fields(Job job, String node) {
    Fields fields = new Fields();
    Submission submission = job.submission();
    fields.put("a", submission.account());
    fields.put("s", code(job.state()));
    fields.put("n", Integer.toString(job.attempts()));
    fields.put("c", millis(submission.createdAt()));
    fields.put("q", submission.body());
    fields.put("N", node);
    submission.holdUntil().ifPresent(time -> fields.put("h", millis(time)));
    job.startedAt().ifPresent(time -> fields.put("t", millis(time)));
    submission.replayOf().ifPresent(old -> fields.put("o", old.toString()));
    if (!submission.owner().isEmpty()) {
      fields.put("w", submission.owner());
    }
    if (!submission.via().isDefault()) {
      fields.put("v", submission.via().route());
      fields.put("V", submission.via().head());
    }
    if (submission.via().byId()) {
      fields.put("b", "1");
    }
    submission.via().trace().ifPresent(trace -> fields.put("x", trace.text()));
    submission
        .key()
        .ifPresent(
            key -> {
              fields.put("ks", key.scope());
              fields.put("kv", key.value());
              fields.put("kd", key.bodyDigest().hex());
            });
    return fields.list;
  }

  /** Fields and values in turn. */
  static final class Fields {
    final List<byte[]> list = new ArrayList<>();

    void put(String name, String value) {
      put(name, value.getBytes(UTF_8));
    }

    void put(String name, byte[] value) {
      list.add(name.getBytes(UTF_8));
      list.add(value);
    }
  }

  static String millis(Instant time) {
    return Long.toString(time.toEpochMilli());
  }

  /** Reads what {@link Scripts#FIND} says of a job that there is. */
  static Job read(JobId id, Response found) {
    Map<String, Response> hash = hash(found.get(0));
    Response wake = found.get(2) != null ? found.get(2) : found.get(3);
    JobState state = state(text(hash, "s").orElseThrow());
    return new Job(
        submission(id, hash),
        state,
        Integer.parseInt(text(hash, "n").orElseThrow()),
        Instant.ofEpochMilli(wake == null ? 0 : (long) Double.parseDouble(wake.toString(UTF_8))),
        time(hash, "t"),
        time(hash, "f"),
        text(hash, "j"),
        bytes(hash, "r").map(body -> result(body, state, hash)),
        failure(hash),
        history(found.get(1)),
        time(hash, "P").map(at -> new Progress(at, bytes(hash, "pb").orElse(new byte[0]))));
  }

  private static Result result(byte[] body, JobState state, Map<String, Response> hash) {
    return new Result(
        body, state == JobState.FAILED, text(hash, "m"), text(hash, "R").orElse(Result.NO_HEAD));
  }

  /** RESP2 lists names and values in turn, RESP3 has a map. */
  private static Map<String, Response> hash(Response response) {
    Map<String, Response> hash = new HashMap<>();
    if (response.isMap()) { // RESP3
      for (String name : response.getKeys()) {
        hash.put(name, response.get(name));
      }
      return hash;
    }
    for (int i = 0; i + 1 < response.size(); i += 2) {
      hash.put(response.get(i).toString(), response.get(i + 1));
    }
    return hash;
  }

  private static Submission submission(JobId id, Map<String, Response> hash) {
    return new Submission(
        id,
        text(hash, "a").orElseThrow(),
        bytes(hash, "q").orElseGet(() -> new byte[0]),
        time(hash, "c").orElseThrow(),
        time(hash, "h"),
        key(hash),
        text(hash, "o").flatMap(JobId::parse),
        text(hash, "w").orElse(""),
        new Via(
            text(hash, "v").orElse(""),
            text(hash, "V").orElse(""),
            text(hash, "b").isPresent(),
            text(hash, "x").flatMap(TraceContext::ofText)));
  }

  private static Optional<IdempotencyKey> key(Map<String, Response> hash) {
    return text(hash, "kv")
        .map(
            value ->
                new IdempotencyKey(
                    text(hash, "ks").orElse(""), value, new Digest(text(hash, "kd").orElse(""))));
  }

  private static Optional<Failure> failure(Map<String, Response> hash) {
    return text(hash, "e")
        .map(
            reason ->
                new Failure(
                    Failure.Reason.valueOf(reason.toUpperCase(Locale.ROOT)),
                    number(hash, "u"),
                    number(hash, "y"),
                    text(hash, "d").orElse(""),
                    text(hash, "p")));
  }

  private static OptionalInt number(Map<String, Response> hash, String field) {
    Optional<String> text = text(hash, field);
    return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text.get()));
  }

  private static Optional<Instant> time(Map<String, Response> hash, String field) {
    return text(hash, field).map(Long::parseLong).map(Instant::ofEpochMilli);
  }

  private static Optional<String> text(Map<String, Response> hash, String field) {
    return Optional.ofNullable(hash.get(field)).map(value -> value.toString(UTF_8));
  }

  private static Optional<byte[]> bytes(Map<String, Response> hash, String field) {
    return Optional.ofNullable(hash.get(field)).map(Response::toBytes);
  }

  static String entry(Attempt attempt) {
    return new JsonArray()
        .add(attempt.number())
        .add(attempt.at().toEpochMilli())
        .add(attempt.outcome())
        .add(attempt.detail())
        .encode();
  }

  private static List<Attempt> history(@Nullable Response list) {
    List<Attempt> history = new ArrayList<>();
    for (int i = 0; list != null && i < list.size(); i++) {
      JsonArray entry = new JsonArray(list.get(i).toString(UTF_8));
      history.add(
          new Attempt(
              entry.getInteger(0),
              Instant.ofEpochMilli(entry.getLong(1)),
              entry.getString(2),
              entry.getString(3)));
    }
    return List.copyOf(history);
  }
}
