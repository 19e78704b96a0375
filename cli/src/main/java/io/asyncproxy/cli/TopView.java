package io.asyncproxy.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What {@code top} shows of one moment. Pure. */
record TopView(JsonObject live, JsonObject nodes) {

  String text() {
    JsonObject now = live.getJsonObject("now");
    JsonObject node = live.getJsonObject("node");
    StringBuilder text = new StringBuilder();
    text.append(
        "Async Proxy, node %s, %s, %s; breaker %s; pace %s%n%n"
            .formatted(
                node.getString("id"),
                node.getString("state"),
                now.getString("at").substring(11, 19),
                now.getString("circuit").replace('_', ' '),
                now.getValue("pace") == null ? "unlimited" : now.getDouble("pace") + "/s"));
    text.append(new Table(List.of("", "NOW", "LAST MINUTE"), figures(now)).text());
    text.append(System.lineSeparator());
    text.append(new Table(List.of("ACCOUNT", "WAITING"), accounts()).text());
    text.append(System.lineSeparator());
    text.append(new Table(List.of("NODE", "STATE", "HELD", "STARTED"), nodeRows()).text());
    return text.toString();
  }

  private List<List<String>> figures(JsonObject now) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("held", count(now, "held") + " of " + count(now, "held_max"), "held"));
    rows.add(row("in flight", count(now, "in_flight"), "in_flight"));
    rows.add(row("waiting", count(now, "waiting"), "waiting"));
    rows.add(row("accepted", rate("accepted"), "accepted"));
    rows.add(row("ended", rate("ended"), "ended"));
    rows.add(row("failed", rate("failed"), "failed"));
    rows.add(row("added p50", latency("added_p50"), "added_p50"));
    rows.add(row("added p99", latency("added_p99"), "added_p99"));
    rows.add(row("job p50", latency("job_p50"), "job_p50"));
    rows.add(row("job p99", latency("job_p99"), "job_p99"));
    rows.add(List.of("dead letters", count(now, "dead_letters"), ""));
    return rows;
  }

  private List<String> row(String name, String now, String series) {
    return List.of(name, now, Sparkline.of(values(series)));
  }

  private List<Double> values(String series) {
    JsonArray points = live.getJsonArray("points");
    return IntStream.range(0, points.size())
        .mapToObj(points::getJsonObject)
        .map(point -> point.getDouble(series))
        .map(value -> value == null ? 0 : value)
        .toList();
  }

  private static String count(JsonObject now, String name) {
    Number value = now.getNumber(name);
    return value == null ? "unknown" : String.format(Locale.ROOT, "%,d", value.longValue());
  }

  private String rate(String series) {
    List<Double> values = values(series);
    return values.isEmpty() ? "-" : String.format(Locale.ROOT, "%,.1f/s", values.getLast());
  }

  private String latency(String series) {
    List<Double> values = values(series);
    return values.isEmpty() || values.getLast() == 0
        ? "-"
        : String.format(Locale.ROOT, "%,.1f ms", values.getLast() * 1_000);
  }

  private List<List<String>> accounts() {
    JsonArray accounts = live.getJsonArray("accounts");
    return accounts.isEmpty()
        ? List.of(List.of("nobody waits", ""))
        : IntStream.range(0, accounts.size())
            .mapToObj(accounts::getJsonObject)
            .map(of -> List.of(of.getString("account"), of.getInteger("waiting").toString()))
            .toList();
  }

  private List<List<String>> nodeRows() {
    JsonArray items = nodes.getJsonArray("items");
    return IntStream.range(0, items.size())
        .mapToObj(items::getJsonObject)
        .map(
            of ->
                List.of(
                    of.getString("id"),
                    of.getString("state"),
                    String.valueOf(of.getValue("held")),
                    of.getString("started_at")))
        .toList();
  }
}
