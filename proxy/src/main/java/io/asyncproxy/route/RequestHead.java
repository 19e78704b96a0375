package io.asyncproxy.route;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What of a client's request is passed on besides its body: kept with the job, so that a later
 * attempt, on any node, is the same.
 *
 * @param parameters those of the path, percent-encoded as they came
 * @param query the query that is passed on, percent-encoded; empty where there is none
 * @param headers the header fields that are passed on
 */
public record RequestHead(
    Map<String, String> parameters, String query, Map<String, String> headers) {

  /** As it is kept. */
  public String encode() {
    JsonObject json = new JsonObject();
    putUnlessEmpty(json, "path", parameters);
    if (!query.isEmpty()) {
      json.put("query", query);
    }
    putUnlessEmpty(json, "headers", headers);
    return json.encode();
  }

  private static void putUnlessEmpty(JsonObject json, String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      JsonObject object = new JsonObject();
      values.forEach(object::put);
      json.put(name, object);
    }
  }

  /** Reads what {@link #encode} wrote. */
  public static RequestHead decode(String text) {
    JsonObject json = text.isEmpty() ? new JsonObject() : new JsonObject(text);
    return new RequestHead(map(json, "path"), json.getString("query", ""), map(json, "headers"));
  }

  private static Map<String, String> map(JsonObject json, String name) {
    Map<String, String> map = new LinkedHashMap<>();
    Optional.ofNullable(json.getJsonObject(name))
        .ifPresent(
            object -> object.forEach(e -> map.put(e.getKey(), String.valueOf(e.getValue()))));
    return map;
  }
}
