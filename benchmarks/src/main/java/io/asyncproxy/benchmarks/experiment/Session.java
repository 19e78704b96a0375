package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.process.Lab;
import io.asyncproxy.benchmarks.process.Ports;
import io.asyncproxy.benchmarks.process.Program;
import io.asyncproxy.benchmarks.process.ProxyOptions;
import io.asyncproxy.benchmarks.process.Side;
import io.asyncproxy.benchmarks.process.SimulatorProcess;
import io.asyncproxy.benchmarks.simulator.SimulatorOptions;
import java.util.ArrayList;
import java.util.List;

/** A simulated job server and the programs that use it, all running; they are asked in turn. */
record Session(SimulatorProcess simulator, List<Program> programs) implements AutoCloseable {
  /** Every side that is wanted and available, with jobs that end at once. */
  static Session of(Lab lab, Side... wanted) throws InterruptedException {
    SimulatorProcess simulator = lab.simulator(SimulatorOptions.plain(Ports.free()));
    Session session = new Session(simulator, new ArrayList<>());
    try {
      for (Side side : lab.available(wanted)) {
        session.programs.add(lab.start(side, simulator.port(), ProxyOptions.with()));
      }
      return session;
    } catch (InterruptedException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** In turn, each second round backwards, so that nobody always follows the same. */
  List<Program> inRound(int round) {
    return round % 2 == 0 ? List.copyOf(programs) : List.copyOf(programs).reversed();
  }

  @Override
  public void close() {
    programs.forEach(Program::close);
    simulator.close();
  }
}
