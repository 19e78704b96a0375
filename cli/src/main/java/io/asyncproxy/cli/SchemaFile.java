package io.asyncproxy.cli;

import io.asyncproxy.route.Presets;
import io.asyncproxy.settings.Setting;
import io.asyncproxy.settings.Settings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The JSON Schema (draft 2020-12) of the settings file, so that editors complete and check it. Keys
 * may be written with dots or nested; the schema has both.
 */
final class SchemaFile {
  private static final String ONE_OF = "one of ";

  private SchemaFile() {}

  static String text() {
    JsonObject routes = new JsonObject(Presets.schema());
    JsonObject properties = new JsonObject();
    for (Setting<?> setting : Settings.all()) {
      properties.put(setting.key(), value(setting));
      nest(properties, List.of(setting.key().split("\\.")), value(setting));
    }
    properties.put("routes", routes.getJsonObject("routes"));
    return new JsonObject()
            .put("$schema", "https://json-schema.org/draft/2020-12/schema")
            .put("title", "async-proxy.yaml")
            .put("description", "Settings of Async Proxy. Made by './async-proxy config --schema'.")
            .put("type", "object")
            .put("additionalProperties", false)
            .put("properties", properties)
            .put("$defs", routes.getJsonObject("$defs"))
            .encodePrettily()
        + '\n';
  }

  private static void nest(JsonObject properties, List<String> path, JsonObject value) {
    if (path.size() == 1) {
      return;
    }
    JsonObject group = properties.getJsonObject(path.getFirst());
    if (group == null) {
      group = new JsonObject();
      group.put("type", "object").put("additionalProperties", false);
      group.put("properties", new JsonObject());
      properties.put(path.getFirst(), group);
    }
    if (!group.containsKey("properties")) {
      return; // a setting as well: only dotted keys can stand beside it
    }
    group.getJsonObject("properties").put(String.join(".", path.subList(1, path.size())), value);
  }

  private static JsonObject value(Setting<?> setting) {
    String allowed = setting.type().allowed();
    JsonObject value = new JsonObject();
    value.put("description", setting.meaning() + " (" + allowed + ")");
    if (allowed.startsWith(ONE_OF)) {
      value.put("enum", new JsonArray(List.of(allowed.substring(ONE_OF.length()).split(", "))));
    } else {
      value.put("type", types(allowed));
    }
    setting.fallback().ifPresent(text -> value.put("default", text));
    return value;
  }

  /** What YAML takes the allowed texts for. */
  private static JsonArray types(String allowed) {
    if (allowed.startsWith("a whole number")) {
      return new JsonArray().add("integer");
    }
    if (allowed.equals("true or false")) {
      return new JsonArray().add("boolean");
    }
    return allowed.contains("separated by commas")
        ? new JsonArray().add("string").add("array")
        : new JsonArray().add("string").add("number");
  }
}
