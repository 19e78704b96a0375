package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.Load;
import io.asyncproxy.benchmarks.load.LoadPlan;
import io.asyncproxy.benchmarks.load.Tally;
import io.asyncproxy.benchmarks.process.CannotMeasureException;
import io.asyncproxy.benchmarks.process.LiveHeap;
import io.asyncproxy.benchmarks.process.Ports;
import io.asyncproxy.benchmarks.process.Program;
import io.asyncproxy.benchmarks.process.ProxyOptions;
import io.asyncproxy.benchmarks.process.Side;
import io.asyncproxy.benchmarks.process.SimulatorProcess;
import io.asyncproxy.benchmarks.report.FigureKey;
import io.asyncproxy.benchmarks.report.Figures;
import io.asyncproxy.benchmarks.report.Wanted;
import io.asyncproxy.benchmarks.simulator.SimulatorOptions;
import io.asyncproxy.benchmarks.stats.Point;
import io.asyncproxy.benchmarks.stats.StraightLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Live heap of held requests, over HTTP/1.1 and over HTTP/2. */
final class HeldExperiment implements Experiment {
  private static final double FILL_PER_SECOND = 3_000;
  private static final int WARM_UP_JOBS = 200;
  private static final Duration ANSWERS = Duration.ofMinutes(3);

  /** For the answers of the last starts, and for connections to end. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private static final int EXTRAPOLATED = 1_000_000;

  /**
   * One protocol.
   *
   * @param heapMegabytes the memory store keeps a sixteenth of it, and refuses more
   * @param wantedKilobytes for each held request
   */
  private record Protocol(
      String name, boolean http2, List<Integer> steps, int heapMegabytes, double wantedKilobytes) {
    int most() {
      return steps.getLast();
    }

    int connections() {
      return http2 ? 0 : most();
    }
  }

  private static final List<Protocol> PROTOCOLS =
      List.of(
          new Protocol("HTTP/1.1", false, List.of(5_000, 10_000, 15_000), 1_024, 5),
          new Protocol("HTTP/2", true, List.of(50_000, 100_000, 200_000), 6_144, 3.5));

  @Override
  public Outcome run(Bench bench) throws InterruptedException {
    Figures figures = new Figures();
    List<String> notes = new ArrayList<>();
    for (Protocol protocol : PROTOCOLS) {
      hold(bench, bench.timing().quick() ? tiny(protocol) : protocol, figures, notes);
      notes.add("%s: heap of %,d MB".formatted(protocol.name, protocol.heapMegabytes));
    }
    return Outcome.of(figures.list(), notes);
  }

  private static Protocol tiny(Protocol full) {
    List<Integer> steps = full.steps.stream().map(step -> step / 25).toList();
    return new Protocol(full.name, full.http2, steps, full.heapMegabytes, full.wantedKilobytes);
  }

  private static void hold(Bench bench, Protocol protocol, Figures figures, List<String> notes)
      throws InterruptedException {
    ProxyOptions options =
        ProxyOptions.with(
                "--held-max",
                Integer.toString(protocol.most() + 1_000),
                "--hold-timeout",
                "30m",
                "--job-timeout",
                "1h")
            .heap(protocol.heapMegabytes);
    try (SimulatorProcess simulator = bench.lab().simulator(SimulatorOptions.held(Ports.free()));
        Program program = bench.lab().start(Side.MEMORY, simulator.port(), options)) {
      holdAndRelease(program, simulator, protocol, WARM_UP_JOBS);
      Thread.sleep(SETTLE);
      double before = LiveHeap.bytes(program.pid());
      List<Point> points = new ArrayList<>();
      points.add(new Point(0, before));
      LoadPlan plan =
          LoadPlan.holding(
              program.port(), FILL_PER_SECOND, protocol.steps.getFirst(), protocol.connections());
      try (Load load = Load.start(plan)) {
        for (int step : protocol.steps) {
          load.raiseTo(step);
          awaitHeld(load, simulator, WARM_UP_JOBS, step);
          double heap = LiveHeap.bytes(program.pid());
          points.add(new Point(step, heap));
          figures.add(FigureKey.at(protocol.name, step, "live heap", "MB"), heap / 1e6);
          figures.add(perHeld(protocol, step), (heap - before) / step / 1e3);
          bench.tell(
              "held   %s   %,d held   %.1f MB   %.2f KB each",
              protocol.name, step, heap / 1e6, (heap - before) / step / 1e3);
        }
        simulator.release();
        load.awaitAnswers(ANSWERS);
        answered(load.take(), protocol, figures, notes);
      }
      extrapolate(protocol, points, figures);
    }
  }

  /** As many as answered is all that were held, each by its own result. */
  private static void answered(
      Tally tally, Protocol protocol, Figures figures, List<String> notes) {
    FigureKey key = FigureKey.at(protocol.name, protocol.most(), "answered", "");
    figures.add(key, (double) tally.completed());
    figures.want(key, Wanted.atLeast(protocol.most()));
    figures.want(perHeld(protocol, protocol.most()), Wanted.atMost(protocol.wantedKilobytes));
    Failures failures = new Failures();
    failures.add(protocol.name, tally);
    notes.addAll(failures.notes());
  }

  private static FigureKey perHeld(Protocol protocol, int held) {
    return FigureKey.at(protocol.name, held, "each", "KB");
  }

  private static void extrapolate(Protocol protocol, List<Point> points, Figures figures) {
    if (protocol.http2) {
      StraightLine line = StraightLine.through(points);
      String side = "%s, extrapolated to %,d".formatted(protocol.name, EXTRAPOLATED);
      figures.add(FigureKey.of(side, "live heap", "MB"), line.at(EXTRAPOLATED) / 1e6);
      figures.add(FigureKey.of(side, "each", "KB"), line.slope() / 1e3);
    }
  }

  private static void holdAndRelease(
      Program program, SimulatorProcess simulator, Protocol protocol, int jobs)
      throws InterruptedException {
    LoadPlan plan =
        LoadPlan.holding(
            program.port(), FILL_PER_SECOND, jobs, Math.min(jobs, protocol.connections()));
    try (Load load = Load.start(plan)) {
      awaitHeld(load, simulator, 0, jobs);
      simulator.release();
      load.awaitAnswers(ANSWERS);
    }
  }

  /** Until all are started at the job server, besides those that were before. */
  private static void awaitHeld(Load load, SimulatorProcess simulator, long before, int count)
      throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(60 + count / 500).toNanos();
    while (load.inFlight() < count || simulator.started() < before + count) {
      if (System.nanoTime() - until > 0) {
        throw new CannotMeasureException(
            "Only %,d of %,d jobs were started while their clients are held (held: %,d; answered: %s)"
                .formatted(
                    simulator.started() - before, count, load.inFlight(), load.take().errors()));
      }
      Thread.sleep(200);
    }
    Thread.sleep(SETTLE);
  }
}
