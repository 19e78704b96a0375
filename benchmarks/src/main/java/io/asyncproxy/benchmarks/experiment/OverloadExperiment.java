package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.Load;
import io.asyncproxy.benchmarks.load.LoadPlan;
import io.asyncproxy.benchmarks.process.Ports;
import io.asyncproxy.benchmarks.process.Program;
import io.asyncproxy.benchmarks.process.ProxyOptions;
import io.asyncproxy.benchmarks.process.Side;
import io.asyncproxy.benchmarks.process.SimulatorProcess;
import io.asyncproxy.benchmarks.report.FigureKey;
import io.asyncproxy.benchmarks.report.Figures;
import io.asyncproxy.benchmarks.report.Wanted;
import io.asyncproxy.benchmarks.simulator.FaultRates;
import io.asyncproxy.benchmarks.simulator.SimulatorOptions;
import io.asyncproxy.benchmarks.stats.Medians;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Goodput when more is asked than the job server starts. */
final class OverloadExperiment implements Experiment {
  private static final int STARTS_PER_SECOND = 200;
  private static final int MOST_TIMES = 5;
  private static final Duration DELAY = Duration.ofMillis(100);
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private static final String SIDE = Side.FILE.label();
  private static final double KEPT = 0.85;

  /** {@code hold.timeout}: nobody waits longer. */
  private static final double HOLD_MILLIS = 10_000;

  @Override
  public Outcome run(Bench bench) throws InterruptedException {
    Figures figures = new Figures();
    List<String> notes = new ArrayList<>();
    Map<Integer, Double> goodput = new TreeMap<>();
    SimulatorOptions limited =
        new SimulatorOptions(Ports.free(), DELAY, false, STARTS_PER_SECOND, FaultRates.NONE);
    try (SimulatorProcess simulator = bench.lab().simulator(limited);
        Program program = bench.lab().start(Side.FILE, simulator.port(), ProxyOptions.with())) {
      for (int times = 1; times <= MOST_TIMES; times++) {
        goodput.put(times, offer(bench, program, times, figures));
      }
      notes.add("the job server saw " + simulator.stats().replace("\"", ""));
    }
    double peak = goodput.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
    goodput.forEach(
        (times, value) -> {
          FigureKey share = FigureKey.at(SIDE, times, "share of the peak", "");
          figures.add(share, value / Math.max(1e-9, peak));
          figures.want(share, Wanted.atLeast(KEPT));
          figures.want(FigureKey.at(SIDE, times, "p99 of 200s", "ms"), Wanted.atMost(HOLD_MILLIS));
        });
    return Outcome.of(figures.list(), notes);
  }

  private static double offer(Bench bench, Program program, int times, Figures figures)
      throws InterruptedException {
    List<Double> goodput = new ArrayList<>();
    LoadPlan plan = LoadPlan.open(program.port(), STARTS_PER_SECOND * times);
    try (Load load = Load.start(plan)) {
      Thread.sleep(bench.timing().warmUp());
      for (int round = 0; round < bench.timing().rounds(); round++) {
        Observed window = Observed.during(bench.timing().window(), load, program.pid());
        goodput.add(window.perSecond());
        figures.add(FigureKey.at(SIDE, times, "goodput", "200s/s"), window.perSecond());
        figures.add(FigureKey.at(SIDE, times, "p50 of 200s", "ms"), window.tally().millis(50));
        figures.add(FigureKey.at(SIDE, times, "p99 of 200s", "ms"), window.tally().millis(99));
        figures.add(
            FigureKey.at(SIDE, times, "others", "answers/s"),
            window.tally().failed() / window.seconds());
        bench.tell(
            "overload   %d times   window %d of %d   %.1f 200s/s   p99 %.0f ms   others %s",
            times,
            round + 1,
            bench.timing().rounds(),
            window.perSecond(),
            window.tally().millis(99),
            window.tally().errors());
      }
      load.stop();
      load.awaitAnswers(DRAIN);
    }
    return Medians.median(goodput);
  }
}
