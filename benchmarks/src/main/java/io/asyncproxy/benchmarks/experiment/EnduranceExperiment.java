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
import java.time.Duration;
import java.util.List;

/** Hours of an ordinary load with faults: nothing may grow, and nothing may be left. */
final class EnduranceExperiment implements Experiment {
  private static final FaultRates FAULTS = new FaultRates(0.02, 0.02, 0.05, 0.01, 1);
  private static final int SATURATING = 512;
  private static final String SIDE = Side.FILE.label();

  /** Times of jobs, short enough for each to lapse many times in a run. */
  private record Lapses(Duration hold, Duration job, Duration retention) {
    static Lapses of(Timing timing) {
      return timing.quick()
          ? new Lapses(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5))
          : new Lapses(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    ProxyOptions options() {
      return ProxyOptions.with(
          "--hold-timeout",
          hold.toSeconds() + "s",
          "--job-timeout",
          job.toSeconds() + "s",
          "--job-retention",
          retention.toSeconds() + "s",
          "--dead-letter-retention",
          retention.toSeconds() + "s");
    }

    /** A start and a callback that never come, and the sweeper. */
    Duration all() {
      return job.multipliedBy(2).plusSeconds(30);
    }
  }

  @Override
  public Outcome run(Bench bench) throws InterruptedException {
    Lapses lapses = Lapses.of(bench.timing());
    int port = Ports.free();
    double rate;
    try (SimulatorProcess sound = bench.lab().simulator(SimulatorOptions.plain(port));
        Program program = bench.lab().start(Side.FILE, sound.port(), lapses.options())) {
      rate = calibrate(bench, program) / 2;
    }
    SimulatorOptions faulty = new SimulatorOptions(port, Duration.ZERO, false, 0, FAULTS);
    try (SimulatorProcess simulator = bench.lab().simulator(faulty);
        Program program = bench.lab().start(Side.FILE, port, lapses.options())) {
      return endure(bench, simulator, program, lapses, rate);
    }
  }

  private static Outcome endure(
      Bench bench, SimulatorProcess simulator, Program program, Lapses lapses, double rate)
      throws InterruptedException {
    bench.tell("endurance   %,.0f jobs/s for %s", rate, bench.timing().endurance());
    Samples samples = new Samples(program);
    try (Load load = Load.start(LoadPlan.open(program.port(), rate))) {
      samples.during(bench, load);
      load.stop();
      load.awaitAnswers(lapses.hold.plusSeconds(10));
      samples.count(load.take());
    }
    Figures figures = new Figures();
    samples.addTo(figures);
    want(figures, "unfinished jobs at the end", awaitNone(program, lapses.all()));
    want(figures, "crossed answers", (double) samples.crossed());
    List<String> notes =
        List.of(
            "offered: %,.0f jobs/s".formatted(rate),
            "answers: " + samples.answers(),
            "the job server saw " + simulator.stats().replace("\"", ""));
    return new Outcome(figures.list(), samples.series(SIDE), notes);
  }

  private static double calibrate(Bench bench, Program program) throws InterruptedException {
    LoadPlan plan = LoadPlan.closed(program.port(), SATURATING);
    bench.warmUp(program, plan);
    Observed window = bench.window(program, plan);
    bench.tell(
        "endurance   saturated: %,.0f 200s/s   others %s",
        window.perSecond(), window.tally().errors());
    return Math.max(2, window.perSecond());
  }

  private static void want(Figures figures, String metric, double value) {
    FigureKey key = FigureKey.of(metric, "count", "");
    figures.add(key, value);
    figures.want(key, Wanted.atMost(0));
  }

  private static double awaitNone(Program program, Duration most) throws InterruptedException {
    long until = System.nanoTime() + most.toNanos();
    double left = program.metric("asyncproxy_jobs_in_flight");
    while (left > 0 && System.nanoTime() - until < 0) {
      Thread.sleep(500);
      left = program.metric("asyncproxy_jobs_in_flight");
    }
    return left;
  }
}
