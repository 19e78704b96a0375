package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.process.CpuTime;
import io.asyncproxy.benchmarks.process.Ports;
import io.asyncproxy.benchmarks.process.Program;
import io.asyncproxy.benchmarks.process.ProxyOptions;
import io.asyncproxy.benchmarks.process.Side;
import io.asyncproxy.benchmarks.process.StartupCache;
import io.asyncproxy.benchmarks.report.FigureKey;
import io.asyncproxy.benchmarks.report.Figures;
import io.asyncproxy.benchmarks.report.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From exec to the first 200 of {@code /readyz}. No job server is needed; nobody listens where it
 * would be. The first round warms the page cache and does not count.
 */
final class StartExperiment implements Experiment {
  private static final double WANTED_MILLIS = 400;

  private record Kind(Side side, String label, List<String> java) {}

  @Override
  public Outcome run(Bench bench) throws InterruptedException {
    Figures figures = new Figures();
    List<String> notes = new ArrayList<>();
    List<Kind> kinds = kinds(bench, notes);
    int jobServer = Ports.free();
    for (int round = 0; round <= bench.timing().startRounds(); round++) {
      for (Kind kind : kinds) {
        long began = System.nanoTime();
        ProxyOptions options = ProxyOptions.with().java(kind.java);
        try (Program program = bench.lab().start(kind.side, jobServer, options)) {
          double millis = (System.nanoTime() - began) / 1e6;
          double cpu = CpuTime.of(program.pid()).totalMicros() / 1e3;
          if (round > 0) {
            figures.add(ready(kind), millis);
            figures.add(FigureKey.of(kind.label, "processor time", "ms"), cpu);
          }
          bench.tell(
              "start   round %d of %d   %-18s %,6.0f ms",
              round, bench.timing().startRounds(), kind.label, millis);
        }
      }
    }
    kinds.stream()
        .filter(kind -> !kind.java.isEmpty())
        .forEach(kind -> figures.want(ready(kind), Wanted.atMost(WANTED_MILLIS)));
    return Outcome.of(figures.list(), notes);
  }

  private static FigureKey ready(Kind kind) {
    return FigureKey.of(kind.label, "ready after", "ms");
  }

  private static List<Kind> kinds(Bench bench, List<String> notes) {
    Optional<String> cache =
        StartupCache.of(bench.lab().settings()).map(file -> "-XX:AOTCache=" + file);
    if (cache.isEmpty()) {
      notes.add("no start-up cache of this very jar: make it with packaging/make-startup-cache");
    }
    List<Kind> kinds = new ArrayList<>();
    for (Side side : List.of(Side.MEMORY, Side.FILE)) {
      kinds.add(new Kind(side, side.label() + ", no cache", List.of()));
      cache.ifPresent(
          option -> kinds.add(new Kind(side, side.label() + ", cache", List.of(option))));
    }
    return kinds;
  }
}
