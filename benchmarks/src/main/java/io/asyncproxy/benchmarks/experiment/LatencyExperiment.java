package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.LoadPlan;
import io.asyncproxy.benchmarks.process.Program;
import io.asyncproxy.benchmarks.process.Side;
import io.asyncproxy.benchmarks.report.FigureKey;
import io.asyncproxy.benchmarks.report.Figures;
import io.asyncproxy.benchmarks.report.Wanted;
import java.util.ArrayList;
import java.util.List;

/** Latency of jobs without delay by rate, in an open loop. */
final class LatencyExperiment implements Experiment {
  private static final List<Integer> RATES = List.of(500, 1_000, 2_000, 4_000);
  private static final int WANTED_AT = 2_000;
  private static final double WANTED_P50 = 2;
  private static final double WANTED_P99 = 10;

  @Override
  public Outcome run(Bench bench) throws InterruptedException {
    Figures figures = new Figures();
    Failures failures = new Failures();
    try (Session session = Session.of(bench.lab(), Side.values())) {
      for (Program program : session.programs()) {
        bench.warmUp(program, LoadPlan.open(program.port(), WANTED_AT));
      }
      for (int rate : RATES) {
        for (int round = 0; round < bench.timing().rounds(); round++) {
          for (Program program : session.inRound(round)) {
            measure(bench, program, rate, round, figures, failures);
          }
        }
      }
    }
    figures.want(
        FigureKey.at(Side.FILE.label(), WANTED_AT, "p50", "ms"), Wanted.atMost(WANTED_P50));
    figures.want(
        FigureKey.at(Side.FILE.label(), WANTED_AT, "p99", "ms"), Wanted.atMost(WANTED_P99));
    List<String> notes = new ArrayList<>(failures.notes());
    bench.lab().redisMissing().ifPresent(notes::add);
    return Outcome.of(figures.list(), notes);
  }

  private static void measure(
      Bench bench, Program program, int rate, int round, Figures figures, Failures failures)
      throws InterruptedException {
    String side = program.side().label();
    Observed window = bench.window(program, LoadPlan.open(program.port(), rate));
    failures.add(side + " at " + rate + " jobs/s", window.tally());
    double p50 = window.tally().millis(50);
    double p99 = window.tally().millis(99);
    figures.add(FigureKey.at(side, rate, "p50", "ms"), p50);
    figures.add(FigureKey.at(side, rate, "p99", "ms"), p99);
    figures.add(FigureKey.at(side, rate, "completed", "jobs/s"), window.perSecond());
    bench.tell(
        "latency   %,d jobs/s   round %d of %d   %-8s p50 %.2f ms   p99 %.2f ms",
        rate, round + 1, bench.timing().rounds(), side, p50, p99);
  }
}
