package io.asyncproxy.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.Progress;
import io.asyncproxy.job.Result;
import io.asyncproxy.json.JsonTree;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** A job as clients and operators see it: pure. */
public final class JobView {
  private JobView() {}

  /**
   * The members that are known; {@code result} is the callback's own JSON, byte for byte. Where it
   * is no JSON, {@code result_type} and {@code result_url} say what it is and where.
   */
  public static byte[] json(Job job) {
    return withResult(summary(job), job);
  }

  /** {@code view}, with the result of {@code job}. */
  public static byte[] withResult(JsonObject view, Job job) {
    if (job.result().isEmpty()) {
      return view.toBuffer().getBytes();
    }
    Result result = job.result().get();
    Optional<String> type = result.contentType();
    if (type.isEmpty() || (isJson(type.get()) && JsonTree.isJson(result.body()))) {
      return with(view.toBuffer().getBytes(), "result", result.body());
    }
    return view.put("result_type", type.get())
        .put("result_url", "/proxy/jobs/" + job.id() + "/result")
        .toBuffer()
        .getBytes();
  }

  private static boolean isJson(String type) {
    return type.toLowerCase(Locale.ROOT).matches("application/([^;]+\\+)?json\\b.*");
  }

  /** The same without the result. */
  public static JsonObject summary(Job job) {
    JsonObject view =
        new JsonObject()
            .put("id", job.id().toString())
            .put("account", job.submission().account())
            .put("state", job.state().label())
            .put("created_at", time(job.submission().createdAt()));
    job.startedAt().ifPresent(at -> view.put("started_at", time(at)));
    job.finishedAt().ifPresent(at -> view.put("finished_at", time(at)));
    view.put("attempts", job.attempts());
    job.jobServerId().ifPresent(id -> view.put("job_server_id", id));
    job.submission().replayOf().ifPresent(id -> view.put("replay_of", id.toString()));
    if (!job.submission().via().isDefault()) {
      view.put("route", job.submission().via().route());
    }
    job.progress()
        .filter(_ -> job.resultUrl().isEmpty()) // then it is a URL, which may be a secret
        .ifPresent(progress -> addProgress(view, progress));
    job.failure().ifPresent(failure -> addFailure(view, failure));
    return view;
  }

  /** What the job server said, as JSON where it is some. */
  private static void addProgress(JsonObject view, Progress progress) {
    view.put("progress_at", time(progress.at()));
    view.put("progress", value(progress.body()));
  }

  private static Object value(byte[] body) {
    try {
      return Json.decodeValue(Buffer.buffer(body));
    } catch (DecodeException noneOrTooLarge) {
      return new String(body, UTF_8);
    }
  }

  private static void addFailure(JsonObject view, Failure failure) {
    view.put("error", failure.detail());
    view.put("reason", failure.reason().label());
    failure.upstreamStatus().ifPresent(status -> view.put("upstream_status", status));
  }

  /** An object with one more member, whose JSON is there already. */
  public static byte[] with(byte[] object, String member, byte[] value) {
    byte[] name = (",\"" + member + "\":").getBytes(UTF_8);
    byte[] json = new byte[object.length + name.length + value.length];
    int at = object.length - 1;
    System.arraycopy(object, 0, json, 0, at);
    System.arraycopy(name, 0, json, at, name.length);
    System.arraycopy(value, 0, json, at + name.length, value.length);
    json[json.length - 1] = '}';
    return json;
  }

  /** RFC 3339 in UTC, to the millisecond. */
  public static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
