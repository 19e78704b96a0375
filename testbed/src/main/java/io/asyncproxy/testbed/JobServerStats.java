package io.asyncproxy.testbed;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the job server has seen. Used on one event loop. */
final class JobServerStats {
  private static final int CALLBACK_URLS_REMEMBERED = 1_000_000;

  private final Map<String, Boolean> callbackUrls = new Recent();
  private final Map<String, Long> counts = new LinkedHashMap<>();

  JobServerStats() {
    for (String name :
        new String[] {
          "requests",
          "started",
          "started_again",
          "rejected",
          "errors",
          "limited",
          "invalid",
          "callbacks_sent",
          "callbacks_ok",
          "callbacks_refused",
          "callbacks_failed",
          "callbacks_lost"
        }) {
      counts.put(name, 0L);
    }
  }

  void count(String name) {
    counts.merge(name, 1L, Long::sum);
  }

  /** A job was started; whoever gives a callback URL for each job must not start one twice. */
  void started(String callbackUrl) {
    count("started");
    if (!callbackUrl.isEmpty() && callbackUrls.put(callbackUrl, true) != null) {
      count("started_again");
    }
  }

  JsonObject json(long queued) {
    JsonObject json = new JsonObject();
    counts.forEach(json::put);
    return json.put("queued_behind_account", queued);
  }

  private static final class Recent extends LinkedHashMap<String, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > CALLBACK_URLS_REMEMBERED;
    }
  }
}
