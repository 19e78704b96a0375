package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.Load;
import io.asyncproxy.benchmarks.load.Tally;
import io.asyncproxy.benchmarks.process.Footprint;
import io.asyncproxy.benchmarks.process.LiveHeap;
import io.asyncproxy.benchmarks.process.Program;
import io.asyncproxy.benchmarks.report.FigureKey;
import io.asyncproxy.benchmarks.report.Figures;
import io.asyncproxy.benchmarks.report.Series;
import io.asyncproxy.benchmarks.report.Wanted;
import io.asyncproxy.benchmarks.stats.Drift;
import io.asyncproxy.benchmarks.stats.Point;
import io.asyncproxy.benchmarks.stats.StraightLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a program takes up, again and again: each sample in minutes since the first. */
final class Samples {
  private static final int SAMPLES_PER_COLLECTION = 6;
  private static final double MINUTES_PER_HOUR = 60;

  private static final Wanted FLAT = Wanted.atMost(10);

  /** What is looked at; {@code unwanted} is the drift that would be bad news. */
  private record Quantity(String metric, String unit, Optional<Drift> unwanted) {
    String label() {
      return unit.isEmpty() ? metric : metric + ", " + unit;
    }
  }

  private static final Quantity HEAP = new Quantity("live heap", "MB", Optional.of(Drift.RISE));

  /** Up to the heap's limit it is the collector's choice. */
  private static final Quantity RESIDENT = new Quantity("resident memory", "MB", Optional.empty());

  private static final Quantity DESCRIPTORS =
      new Quantity("descriptors", "", Optional.of(Drift.RISE));
  private static final Quantity THREADS = new Quantity("threads", "", Optional.of(Drift.RISE));
  private static final Quantity STORE = new Quantity("store", "MB", Optional.of(Drift.RISE));
  private static final Quantity LATENCY =
      new Quantity("latency p99", "ms", Optional.of(Drift.RISE));
  private static final Quantity GOODPUT =
      new Quantity("goodput", "200s/s", Optional.of(Drift.FALL));

  private final Program program;
  private final Map<Quantity, List<Point>> points = new LinkedHashMap<>();
  private final Map<String, Long> answers = new TreeMap<>();
  private long crossed;

  Samples(Program program) {
    this.program = program;
  }

  /** Every 10 s; the heap, which takes a full collection, once a minute. */
  void during(Bench bench, Load load) throws InterruptedException {
    Timing timing = bench.timing();
    Duration pause = timing.quick() ? Duration.ofSeconds(1) : Duration.ofSeconds(10);
    long began = System.nanoTime();
    long until = began + timing.endurance().toNanos();
    for (int number = 0; System.nanoTime() - until < 0; number++) {
      Observed window = Observed.during(pause, load, program.pid());
      double minutes = (System.nanoTime() - began) / 60e9;
      sample(window, minutes);
      count(window.tally());
      if (number % SAMPLES_PER_COLLECTION == 0) {
        add(HEAP, minutes, LiveHeap.bytesAfterOneMore(program.pid()) / 1e6);
        load.take(); // what waited for the collection is not the program's latency
      }
      bench.tell(
          "endurance   %6.1f of %.1f min   p99 %7.1f ms   %,.0f 200s/s   %.0f MB resident",
          minutes,
          timing.endurance().toSeconds() / 60.0,
          window.tally().millis(99),
          window.perSecond(),
          points.getOrDefault(RESIDENT, List.of()).getLast().y());
    }
  }

  private void sample(Observed window, double minutes) {
    Footprint footprint = Footprint.of(program.pid());
    add(RESIDENT, minutes, footprint.residentBytes() / 1e6);
    add(DESCRIPTORS, minutes, (double) footprint.descriptors());
    add(THREADS, minutes, (double) footprint.threads());
    add(STORE, minutes, Footprint.bytesIn(program.store()) / 1e6);
    add(LATENCY, minutes, window.tally().millis(99));
    add(GOODPUT, minutes, window.perSecond());
  }

  private void add(Quantity quantity, double minutes, double value) {
    if (Double.isFinite(value)) { // no latency where nothing was answered
      points.computeIfAbsent(quantity, _ -> new ArrayList<>()).add(new Point(minutes, value));
    }
  }

  void count(Tally tally) {
    answers.merge("200", tally.completed(), Long::sum);
    tally.errors().forEach((kind, count) -> answers.merge(kind, (long) count, Long::sum));
    crossed += tally.crossed();
  }

  Map<String, Long> answers() {
    return answers;
  }

  long crossed() {
    return crossed;
  }

  List<Series> series(String side) {
    return points.entrySet().stream()
        .map(
            entry -> new Series(side, entry.getKey().metric, entry.getKey().unit, entry.getValue()))
        .toList();
  }

  /** Slopes by the hour, without the first sixth. */
  void addTo(Figures figures) {
    points.forEach(
        (quantity, all) -> add(figures, quantity, all.subList(all.size() / 6, all.size())));
  }

  private static void add(Figures figures, Quantity quantity, List<Point> settled) {
    if (settled.size() < 3) {
      return;
    }
    StraightLine line = StraightLine.through(settled);
    String side = quantity.label();
    settled.forEach(point -> figures.add(FigureKey.of(side, "value", ""), point.y()));
    figures.add(FigureKey.of(side, "slope per hour", ""), line.slope() * MINUTES_PER_HOUR);
    figures.add(FigureKey.of(side, "95 % ±", ""), line.slopeBound() * MINUTES_PER_HOUR);
    quantity.unwanted.ifPresent(
        drift -> {
          String metric = "certain " + drift.name().toLowerCase(Locale.ROOT);
          FigureKey key = FigureKey.of(side, metric, "% of the mean");
          figures.add(key, drift.certainPercent(settled));
          figures.want(key, FLAT);
        });
  }
}
