package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.LoadPlan;
import io.asyncproxy.benchmarks.process.Ports;
import io.asyncproxy.benchmarks.process.Program;
import io.asyncproxy.benchmarks.process.ProxyOptions;
import io.asyncproxy.benchmarks.process.Side;
import io.asyncproxy.benchmarks.process.SimulatorProcess;
import io.asyncproxy.benchmarks.report.FigureKey;
import io.asyncproxy.benchmarks.report.Figures;
import io.asyncproxy.benchmarks.simulator.SimulatorOptions;

/**
 * CPU per job of two builds of the proxy, in turn: each window of one has the other's as its
 * neighbour, and their ratio is of both. The order changes from round to round.
 *
 * @param before starts the one
 * @param after starts the other
 */
public record Comparison(Bench before, Bench after) {

  /** Compares them with one store. */
  public Outcome of(Side store) throws InterruptedException {
    Figures figures = new Figures();
    Failures failures = new Failures();
    try (SimulatorProcess simulator = before.lab().simulator(SimulatorOptions.plain(Ports.free()));
        Program one = before.lab().start(store, simulator.port(), ProxyOptions.with());
        Program other = after.lab().start(store, simulator.port(), ProxyOptions.with())) {
      before.warmUp(one, plan(one));
      after.warmUp(other, plan(other));
      for (int round = 0; round < before.timing().rounds(); round++) {
        boolean swapped = round % 2 == 1;
        Observed first = window(swapped ? other : one);
        Observed second = window(swapped ? one : other);
        Observed was = swapped ? second : first;
        Observed is = swapped ? first : second;
        failures.add(store.label() + " before", was.tally());
        failures.add(store.label() + " after", is.tally());
        double ratio = is.cpuMicrosPerJob() / was.cpuMicrosPerJob();
        was.addTo(figures, store.label() + " before");
        is.addTo(figures, store.label() + " after");
        figures.add(FigureKey.of(store.label() + " after", "after / before", ""), ratio);
        before.tell(
            "%-8s round %d of %d   before %6.1f   after %6.1f µs/job   %.2f",
            store.label(),
            round + 1,
            before.timing().rounds(),
            was.cpuMicrosPerJob(),
            is.cpuMicrosPerJob(),
            ratio);
      }
    }
    return Outcome.of(figures.list(), failures.notes());
  }

  private static LoadPlan plan(Program program) {
    return LoadPlan.closed(program.port(), CpuExperiment.IN_FLIGHT);
  }

  private Observed window(Program program) throws InterruptedException {
    return before.window(program, plan(program));
  }
}
