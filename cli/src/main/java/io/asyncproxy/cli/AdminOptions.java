package io.asyncproxy.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** What all commands that talk to the admin API have in common. */
final class AdminOptions {
  private static final int PAGE = 500;
  private static final String TIMELINE = "timeline";

  @Option(
      names = "--admin",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:4568",
      description = "the proxy's admin listener (http://127.0.0.1:4568); reads ADMIN_TOKEN")
  private URI admin = URI.create("http://127.0.0.1:4568");

  @Option(names = "--json", description = "JSON for programs instead of tables")
  private boolean json;

  AdminClient client() {
    Logging.configure(Optional.of("text"), "warn", System.err);
    return new AdminClient(admin, Optional.ofNullable(System.getenv("ADMIN_TOKEN")).orElse(""));
  }

  boolean json() {
    return json;
  }

  /** Up to {@code limit} items of a list, page by page. */
  static JsonArray list(AdminClient client, String path, Map<String, String> query, int limit)
      throws Exception {
    JsonArray all = new JsonArray();
    Map<String, String> next = new LinkedHashMap<>(query);
    while (all.size() < limit) {
      next.put("limit", Integer.toString(Math.min(PAGE, limit - all.size())));
      JsonObject page = client.get(path, next);
      page.getJsonArray("items").forEach(all::add);
      String cursor = page.getString("cursor");
      if (cursor == null) {
        break;
      }
      next.put("cursor", cursor);
    }
    return all;
  }

  /** Prints a list: a table of the columns {@code names}, or JSON. */
  void print(PrintWriter out, JsonArray items, List<String> names) {
    if (json) {
      out.println(new JsonObject().put("items", items).encode());
    } else {
      Function<JsonObject, List<String>> row =
          item -> names.stream().map(name -> String.valueOf(item.getValue(name, "-"))).toList();
      List<List<String>> rows =
          IntStream.range(0, items.size()).mapToObj(items::getJsonObject).map(row).toList();
      List<String> heading =
          names.stream().map(name -> name.toUpperCase(java.util.Locale.ROOT)).toList();
      out.print(new Table(heading, rows).text());
      out.println(items.size() == 1 ? "1 row" : items.size() + " rows");
    }
    out.flush();
  }

  /** Prints one job: its members one below the other and its timeline, or JSON. */
  void print(PrintWriter out, JsonObject item) {
    if (json) {
      out.println(item.encode());
    } else {
      item.forEach(
          member -> {
            Object value = member.getValue();
            boolean nested = value instanceof JsonArray || value instanceof JsonObject;
            if (!member.getKey().equals(TIMELINE)) {
              out.printf(
                  "%-16s %s%n",
                  member.getKey(), nested ? pretty(value) : Terminal.lines(String.valueOf(value)));
            }
          });
      JsonArray timeline = item.getJsonArray(TIMELINE, new JsonArray());
      out.printf("%n%s", TimelineChart.of(timeline).text());
    }
    out.flush();
  }

  private static String pretty(Object value) {
    if (value instanceof JsonArray array) {
      StringBuilder lines = new StringBuilder(array.isEmpty() ? "none" : "");
      for (Object element : array) {
        lines.append(System.lineSeparator()).append("  ").append(element);
      }
      return lines.toString();
    }
    return value.toString();
  }
}
