package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.LoadPlan;
import io.asyncproxy.benchmarks.process.Program;
import io.asyncproxy.benchmarks.process.Side;
import io.asyncproxy.benchmarks.report.FigureKey;
import io.asyncproxy.benchmarks.report.Figures;
import io.asyncproxy.benchmarks.report.Wanted;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** CPU per job where throughput no longer rises, over that of the limit in the same round. */
final class CpuExperiment implements Experiment {
  static final int IN_FLIGHT = 512;
  private static final Map<Side, Double> WANTED =
      Map.of(Side.MEMORY, 1.2, Side.FILE, 1.6, Side.REDIS, 1.7);

  @Override
  public Outcome run(Bench bench) throws InterruptedException {
    Figures figures = new Figures();
    Failures failures = new Failures();
    try (Session session = Session.of(bench.lab(), Side.values())) {
      for (Program program : session.programs()) {
        bench.warmUp(program, LoadPlan.closed(program.port(), IN_FLIGHT));
      }
      for (int round = 0; round < bench.timing().rounds(); round++) {
        Map<Side, Observed> seen = new EnumMap<>(Side.class);
        for (Program program : session.inRound(round)) {
          Observed window = bench.window(program, LoadPlan.closed(program.port(), IN_FLIGHT));
          seen.put(program.side(), window);
          failures.add(program.side().label(), window.tally());
          bench.tell(
              "cpu   round %d of %d   %-8s %6.1f µs/job %,9.0f jobs/s",
              round + 1,
              bench.timing().rounds(),
              program.side().label(),
              window.cpuMicrosPerJob(),
              window.perSecond());
        }
        seen.forEach((side, window) -> add(figures, side, window, seen));
      }
    }
    WANTED.forEach((side, most) -> figures.want(ratio(side), Wanted.atMost(most)));
    List<String> notes = new ArrayList<>(failures.notes());
    bench.lab().redisMissing().ifPresent(notes::add);
    return Outcome.of(figures.list(), notes);
  }

  private static void add(Figures figures, Side side, Observed window, Map<Side, Observed> round) {
    window.addTo(figures, side.label());
    Observed limit = round.get(Side.LIMIT);
    if (side != Side.LIMIT && limit != null) {
      figures.add(ratio(side), window.cpuMicrosPerJob() / limit.cpuMicrosPerJob());
    }
  }

  private static FigureKey ratio(Side side) {
    return FigureKey.of(side.label(), "ratio to the limit", "");
  }
}
