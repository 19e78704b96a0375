package io.asyncproxy.admin;

import io.asyncproxy.http.JobView;
import io.asyncproxy.http.Reply;
import io.asyncproxy.job.Job;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A page of a list: {@code {"items":[…],"cursor":"…"}}, the cursor absent at the end. */
final class Page {
  private Page() {}

  /** Of {@code found}, which was asked for one more than {@code limit}. */
  static Reply of(List<Job> found, int limit) {
    return ofViews(found.stream().map(JobView::summary).toList(), limit);
  }

  /** The same of what is shown already. */
  static Reply ofViews(List<JsonObject> found, int limit) {
    List<JsonObject> items = found.subList(0, Math.min(limit, found.size()));
    JsonObject page = new JsonObject().put("items", new JsonArray(items));
    if (found.size() > limit) {
      page.put("cursor", items.getLast().getString("id"));
    }
    return Reply.json(200, page);
  }
}
