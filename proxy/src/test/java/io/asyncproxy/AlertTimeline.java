package io.asyncproxy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Phases of what was really scraped, stretched in time: a unit test for {@code promtool}, with a
 * sample each minute. The scrapes of a phase are spread evenly over it, the last one is at its end.
 * Between scrapes counters grow evenly, and gauges are what the next scrape shows.
 */
final class AlertTimeline {
  private static final String TARGET = "job=\"async-proxy\",instance=\"a:4568\"";
  private static final String EXPIRY = "_timestamp_seconds";

  /**
   * A part of an incident.
   *
   * @param minutes how long it is stretched to
   * @param alerts those that fire at some time in it; where there are none, none may fire: in the
   *     first phase at any time, later at the end
   */
  record Phase(String name, int minutes, Set<String> alerts, List<Scrape> scrapes) {}

  private record Placed(int minute, Scrape scrape) {}

  private final List<Placed> placed = new ArrayList<>();
  private final JsonArray checks = new JsonArray();
  private final int minutes;

  /** Alerts that are {@code tolerated} may fire or not. */
  AlertTimeline(List<Phase> phases, Set<String> tolerated) {
    int start = 0;
    for (Phase phase : phases) {
      int count = phase.scrapes().size();
      for (int i = 1; i <= count; i++) {
        placed.add(new Placed(start + phase.minutes() * i / count, phase.scrapes().get(i - 1)));
      }
      boolean atEnd = start > 0 && phase.alerts().isEmpty();
      start += phase.minutes();
      checks.add(check(phase, start, atEnd ? 1 : phase.minutes() - 1, tolerated));
    }
    minutes = start;
  }

  private static JsonObject check(Phase phase, int end, int lasting, Set<String> tolerated) {
    JsonArray samples = new JsonArray();
    for (String alert : new TreeSet<>(phase.alerts())) {
      samples.add(new JsonObject().put("labels", "{alertname=\"" + alert + "\"}").put("value", 1));
    }
    return new JsonObject()
        .put(
            "expr",
            "count by (alertname) (max_over_time(ALERTS{alertstate=\"firing\",alertname!~\"%s\"}[%dm]))"
                .formatted(String.join("|", new TreeSet<>(tolerated)), lasting))
        .put("eval_time", end + "m")
        .put("exp_samples", samples);
  }

  /** Writes the test, which is of the rules in {@code rules}. */
  void write(Path file, Path rules) throws Exception {
    Set<String> names =
        placed.stream()
            .flatMap(at -> at.scrape().values().keySet().stream())
            .filter(of -> of.startsWith("asyncproxy_") || of.startsWith("http_") || of.equals("up"))
            .collect(Collectors.toCollection(TreeSet::new));
    JsonArray series = new JsonArray();
    names.forEach(
        of -> series.add(new JsonObject().put("series", targeted(of)).put("values", values(of))));
    JsonObject test =
        new JsonObject()
            .put("interval", "1m")
            .put("input_series", series)
            .put("promql_expr_test", checks);
    JsonObject all =
        new JsonObject()
            .put("rule_files", JsonArray.of(rules.toString()))
            .put("evaluation_interval", "1m")
            .put("tests", JsonArray.of(test));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, all.encodePrettily()); // JSON is YAML
  }

  private static String targeted(String series) {
    return series.endsWith("}")
        ? series.substring(0, series.length() - 1) + "," + TARGET + "}"
        : series + "{" + TARGET + "}";
  }

  private String values(String series) {
    StringBuilder values = new StringBuilder();
    boolean there = false;
    int next = 0;
    for (int minute = 0; minute <= minutes; minute++) {
      while (placed.get(next).minute() < minute) {
        next++;
      }
      OptionalDouble value = value(series, next, minute);
      String absent = there ? "stale" : "_";
      values.append(minute == 0 ? "" : " ");
      values.append(value.isPresent() ? written(value.getAsDouble()) : absent);
      there = value.isPresent();
    }
    return values.toString();
  }

  private OptionalDouble value(String series, int next, int minute) {
    Placed to = placed.get(next);
    OptionalDouble end = to.scrape().value(series);
    if (end.isEmpty()) {
      return end;
    }
    if (!to.scrape().isCounter(series)) {
      return OptionalDouble.of(gauge(series, end.getAsDouble(), to.scrape().at(), minute));
    }
    if (next == 0 || minute == to.minute()) {
      return end;
    }
    Placed from = placed.get(next - 1);
    OptionalDouble begin = from.scrape().value(series);
    if (begin.isEmpty()) {
      return begin;
    }
    boolean restarted = begin.getAsDouble() > end.getAsDouble();
    double base = restarted ? 0 : begin.getAsDouble();
    double part = (double) (minute - from.minute()) / (to.minute() - from.minute());
    return OptionalDouble.of(base + (end.getAsDouble() - base) * part);
  }

  /** The time of the test begins at 0: what lay so far ahead does so then. */
  private static double gauge(String series, double value, Instant at, int minute) {
    return Scrape.name(series).endsWith(EXPIRY) ? value - at.getEpochSecond() + minute * 60 : value;
  }

  private static String written(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "Inf" : "-Inf";
    }
    return Double.isNaN(value) ? "NaN" : new BigDecimal(value).toPlainString();
  }
}
