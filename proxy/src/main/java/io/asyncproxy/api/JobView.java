package io.asyncproxy.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A job as its clients see it: pure. */
final class JobView {
  private JobView() {}

  /** The members that are known; {@code result} is the callback's own JSON, byte for byte. */
  static byte[] json(Job job) {
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
    byte[] head = view.toBuffer().getBytes();
    return job.result().map(result -> withResult(head, result.body())).orElse(head);
  }

  private static void addFailure(JsonObject view, Failure failure) {
    view.put("error", failure.detail());
    view.put("reason", failure.reason().label());
    failure.upstreamStatus().ifPresent(status -> view.put("upstream_status", status));
  }

  private static byte[] withResult(byte[] head, byte[] result) {
    byte[] name = ",\"result\":".getBytes(UTF_8);
    byte[] json = new byte[head.length + name.length + result.length];
    int at = head.length - 1;
    System.arraycopy(head, 0, json, 0, at);
    System.arraycopy(name, 0, json, at, name.length);
    System.arraycopy(result, 0, json, at + name.length, result.length);
    json[json.length - 1] = '}';
    return json;
  }

  /** RFC 3339 in UTC, to the millisecond. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
