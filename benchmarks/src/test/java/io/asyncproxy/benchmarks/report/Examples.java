package io.asyncproxy.benchmarks.report;

import io.asyncproxy.benchmarks.stats.Point;
import java.util.List;

/** Results to test with. */
final class Examples {
  private Examples() {}

  static Provenance at(String commit) {
    return new Provenance(
        commit,
        "benchmarks/run latency",
        "2026-11-27T10:00:00Z",
        "25.0.3",
        "2 × EPYC, 24 GB, Linux 6.18",
        "5 windows of 4 s after 15 s");
  }

  static ExperimentResult latency(String commit) {
    Figures figures = new Figures();
    for (int rate : new int[] {500, 2_000}) {
      for (double window : new double[] {1.5, 0.5, 1.0}) {
        figures.add(FigureKey.at("file", rate, "p50", "ms"), window * rate / 1_000);
        figures.add(FigureKey.at("file", rate, "p99", "ms"), window * 11);
      }
    }
    figures.want(FigureKey.at("file", 2_000, "p50", "ms"), Wanted.atMost(2));
    figures.want(FigureKey.at("file", 2_000, "p99", "ms"), Wanted.atMost(10));
    return new ExperimentResult(
        Topic.LATENCY,
        at(commit),
        figures.list(),
        List.of(),
        List.of("redis: skipped, redis-server is not on the PATH"));
  }

  static ExperimentResult endurance(String commit) {
    Figures figures = new Figures();
    figures.add(FigureKey.of("unfinished jobs", "count", ""), 0);
    figures.want(FigureKey.of("unfinished jobs", "count", ""), Wanted.atMost(0));
    Series heap =
        new Series("file", "live heap", "MB", List.of(new Point(0.1667, 20), new Point(1, 21)));
    return new ExperimentResult(
        Topic.ENDURANCE, at(commit), figures.list(), List.of(heap), List.of());
  }
}
