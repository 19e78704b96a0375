package io.asyncproxy.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What happened to a job, a row for each thing, with a bar that shows when it was and how long it
 * took.
 */
record TimelineChart(List<JsonObject> moments) {
  private static final int WIDTH = 36;

  static TimelineChart of(JsonArray timeline) {
    return new TimelineChart(
        IntStream.range(0, timeline.size()).mapToObj(timeline::getJsonObject).toList());
  }

  String text() {
    if (moments.isEmpty()) {
      return "";
    }
    Instant first = begin(moments.getFirst());
    long all = Math.max(1, millis(first, at(moments.getLast())));
    List<List<String>> rows = new ArrayList<>();
    for (JsonObject moment : moments) {
      rows.add(
          List.of(
              "+" + seconds(millis(first, at(moment))),
              bar(millis(first, begin(moment)), millis(first, at(moment)), all),
              what(moment),
              moment.containsKey("took_ms") ? moment.getLong("took_ms") + " ms" : "",
              moment.getString("node", ""),
              moment.getString("detail", "")));
    }
    return new Table(List.of("TIME", "", "EVENT", "TOOK", "NODE", "DETAIL"), rows).text();
  }

  private static Instant at(JsonObject moment) {
    return Instant.parse(moment.getString("at"));
  }

  private static Instant begin(JsonObject moment) {
    return at(moment).minusMillis(moment.getLong("took_ms", 0L));
  }

  private static long millis(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis());
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f s", millis / 1_000.0);
  }

  /** A mark at least, however short it was. */
  private static String bar(long from, long to, long all) {
    int begin = (int) Math.min(WIDTH - 1, from * WIDTH / all);
    int end = Math.clamp(Math.ceilDiv(to * WIDTH, all), begin + 1, WIDTH);
    return "·".repeat(begin) + "█".repeat(end - begin) + "·".repeat(WIDTH - end);
  }

  private static String what(JsonObject moment) {
    String event = moment.getString("event");
    String attempt = moment.containsKey("attempt") ? " " + moment.getInteger("attempt") : "";
    String outcome = moment.getString("outcome", "");
    return event + attempt + (outcome.isEmpty() ? "" : ": " + outcome);
  }
}
