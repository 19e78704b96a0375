package io.asyncproxy.admin;

import io.asyncproxy.http.JobView;
import io.asyncproxy.http.Reply;
import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Job;
import io.asyncproxy.json.JsonTree;
import io.asyncproxy.store.Conflict;
import io.asyncproxy.timeline.Moment;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Everything that is known of a job, for operators: its request and history as well. */
final class JobDetail {
  private JobDetail() {}

  static Reply of(Job job, List<Conflict> conflicts, List<Moment> timeline) {
    JsonObject view = JobView.summary(job);
    view.put("due_at", JobView.time(job.wakeAt()));
    job.submission().holdUntil().ifPresent(at -> view.put("held_until", JobView.time(at)));
    job.submission().key().ifPresent(key -> view.put("idempotency_key", key.value()));
    job.failure().flatMap(failure -> failure.payload()).ifPresent(p -> view.put("payload", p));
    if (!job.submission().owner().isEmpty()) {
      view.put("api_key", job.submission().owner());
    }
    view.put("history", history(job));
    view.put("conflicts", conflicts(conflicts));
    view.put("timeline", timeline(timeline));
    boolean isDefault = job.submission().via().isDefault();
    if (!isDefault) {
      view.put("request_head", job.submission().via().head());
    }
    byte[] json = JobView.withResult(view, job);
    if (job.submission().body().length > 0) {
      byte[] request = job.submission().body();
      json = JobView.with(json, "request", isDefault ? request : shown(request));
    }
    return Reply.json(200, json);
  }

  /** JSON as it is, and anything else as a text. */
  private static byte[] shown(byte[] body) {
    return JsonTree.isJson(body) ? body : JsonTree.quoted(new String(body, StandardCharsets.UTF_8));
  }

  private static JsonArray history(Job job) {
    JsonArray history = new JsonArray();
    for (Attempt attempt : job.history()) {
      history.add(
          new JsonObject()
              .put("attempt", attempt.number())
              .put("at", JobView.time(attempt.at()))
              .put("outcome", attempt.outcome())
              .put("detail", attempt.detail()));
    }
    return history;
  }

  private static JsonArray timeline(List<Moment> timeline) {
    JsonArray moments = new JsonArray();
    for (Moment moment : timeline) {
      JsonObject view =
          new JsonObject()
              .put("at", JobView.time(moment.at()))
              .put("event", moment.event().label());
      moment.ofAttempt().ifPresent(number -> view.put("attempt", number));
      moment.took().ifPresent(millis -> view.put("took_ms", millis));
      putUnlessEmpty(view, "outcome", moment.outcome());
      putUnlessEmpty(view, "detail", moment.detail());
      putUnlessEmpty(view, "node", moment.node());
      moments.add(view);
    }
    return moments;
  }

  private static void putUnlessEmpty(JsonObject view, String member, String text) {
    if (!text.isEmpty()) {
      view.put(member, text);
    }
  }

  private static JsonArray conflicts(List<Conflict> conflicts) {
    JsonArray seconds = new JsonArray();
    for (Conflict conflict : conflicts) {
      seconds.add(
          new JsonObject()
              .put("at", JobView.time(conflict.at()))
              .put("body", new String(conflict.body(), StandardCharsets.UTF_8)));
    }
    return seconds;
  }
}
