package io.asyncproxy.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A job as clients and operators see it: pure. */
public final class JobView {
  private JobView() {}

  /** The members that are known; {@code result} is the callback's own JSON, byte for byte. */
  public static byte[] json(Job job) {
    byte[] head = summary(job).toBuffer().getBytes();
    return job.result().map(result -> with(head, "result", result.body())).orElse(head);
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
    job.failure().ifPresent(failure -> addFailure(view, failure));
    return view;
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
