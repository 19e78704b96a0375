package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.LoadPlan;
import io.asyncproxy.benchmarks.process.Program;
import io.asyncproxy.benchmarks.process.Side;
import io.asyncproxy.benchmarks.report.FigureKey;
import io.asyncproxy.benchmarks.report.Figures;
import java.util.ArrayList;
import java.util.List;

/** Throughput and CPU per job by requests in flight. */
final class ConcurrencyExperiment implements Experiment {
  private static final List<Integer> IN_FLIGHT = List.of(1, 4, 16, 64, 256, 1_024);
  private static final int WARM_UP = 256;

  @Override
  public Outcome run(Bench bench) throws InterruptedException {
    Figures figures = new Figures();
    Failures failures = new Failures();
    try (Session session = Session.of(bench.lab(), Side.values())) {
      for (Program program : session.programs()) {
        bench.warmUp(program, LoadPlan.closed(program.port(), WARM_UP));
      }
      for (int inFlight : IN_FLIGHT) {
        for (int round = 0; round < bench.timing().rounds(); round++) {
          for (Program program : session.inRound(round)) {
            measure(bench, program, inFlight, round, figures, failures);
          }
        }
      }
    }
    List<String> notes = new ArrayList<>(failures.notes());
    bench.lab().redisMissing().ifPresent(notes::add);
    return Outcome.of(figures.list(), notes);
  }

  private static void measure(
      Bench bench, Program program, int inFlight, int round, Figures figures, Failures failures)
      throws InterruptedException {
    String side = program.side().label();
    Observed window = bench.window(program, LoadPlan.closed(program.port(), inFlight));
    failures.add(side + " with " + inFlight + " in flight", window.tally());
    figures.add(FigureKey.at(side, inFlight, "throughput", "jobs/s"), window.perSecond());
    figures.add(FigureKey.at(side, inFlight, "CPU per job", "µs"), window.cpuMicrosPerJob());
    figures.add(FigureKey.at(side, inFlight, "p50", "ms"), window.tally().millis(50));
    figures.add(FigureKey.at(side, inFlight, "p99", "ms"), window.tally().millis(99));
    bench.tell(
        "concurrency   %,d in flight   round %d of %d   %-8s %,9.0f jobs/s %6.1f µs/job",
        inFlight,
        round + 1,
        bench.timing().rounds(),
        side,
        window.perSecond(),
        window.cpuMicrosPerJob());
  }
}
