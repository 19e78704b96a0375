package io.asyncproxy.cli;

import io.asyncproxy.cli.AdminClient.AdminException;
import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.settings.Settings;
import io.asyncproxy.settings.Values;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands that talk to the admin API have in common. */
final class AdminOptions {
  private static final int PAGE = 500;
  private static final Set<String> ANY = Set.of("0.0.0.0", "::", "[::]");
  private static final String TIMELINE = "timeline";

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description =
          "the proxy's admin listener; otherwise as admin.host and admin.port say in the environment"
              + " or in async-proxy.yaml here (http://127.0.0.1:4568); reads ADMIN_TOKEN")
  private @Nullable URI admin;

  @Option(names = "--json", description = "JSON for programs instead of tables")
  private boolean json;

  AdminClient client() throws AdminException {
    Logging.configure(Optional.of("text"), "warn", System.err);
    if (admin != null) {
      return new AdminClient(admin, Optional.ofNullable(System.getenv("ADMIN_TOKEN")).orElse(""));
    }
    try {
      return client(SettingsOptions.valuesHere());
    } catch (InvalidSettingsException invalid) {
      throw new AdminException(
          invalid.mistakes().getFirst() + "; --admin URL names the proxy to ask", 0);
    }
  }

  /** That of the proxy which would be served with the same settings. */
  private static AdminClient client(Values values) {
    String host = values.get(Settings.ADMIN_HOST);
    String reached =
        ANY.contains(host) ? "127.0.0.1" : host.contains(":") ? '[' + host + ']' : host;
    return new AdminClient(
        URI.create("http://" + reached + ':' + values.get(Settings.ADMIN_PORT)),
        values.find(Settings.ADMIN_TOKEN).orElse(""));
  }

  boolean json() {
    return json;
  }

  /** Up to {@code limit} items of a list, page by page. */
  static JsonArray list(AdminClient client, String path, Map<String, String> query, int limit)
      throws Exception {
    if (limit < 1) {
      throw new AdminException("--limit must be at least 1, was " + limit, 0);
    }
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

  /** The same of a list of {@code limit} at most, which may go on. */
  void print(PrintWriter out, JsonArray items, List<String> names, int limit) {
    print(out, items, names);
    if (!json && items.size() >= limit) {
      out.println("The newest; more with --limit");
      out.flush();
    }
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
