package io.asyncproxy.benchmarks.simulator;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code simulator}: the simulated job server as a process of its own. */
@Command(name = "simulator", description = "The simulated job server, until it is ended.")
public final class SimulatorCommand implements Runnable {
  @Option(names = "--port", defaultValue = "9000", description = "on 127.0.0.1")
  private int port;

  @Option(names = "--delay-ms", defaultValue = "0", description = "from a start to its callback")
  private long delayMillis;

  @Option(
      names = "--until-released",
      arity = "1",
      defaultValue = "false",
      description = "callbacks wait for POST /release")
  private boolean untilReleased;

  @Option(
      names = "--starts-per-second",
      defaultValue = "0",
      description = "more get 429; 0: no limit")
  private int startsPerSecond;

  @Option(names = "--lose-callbacks", defaultValue = "0", description = "rate, 0 to 1")
  private double lost;

  @Option(names = "--duplicate-callbacks", defaultValue = "0", description = "rate, 0 to 1")
  private double duplicated;

  @Option(names = "--busy-rate", defaultValue = "0", description = "starts with 429 or 503")
  private double busy;

  @Option(names = "--reset-rate", defaultValue = "0", description = "starts that are reset")
  private double reset;

  @Option(names = "--seed", defaultValue = "1", description = "of the random faults")
  private long seed;

  @Override
  public void run() {
    FaultRates faults = new FaultRates(lost, duplicated, busy, reset, seed);
    SimulatorOptions options =
        new SimulatorOptions(
            port, Duration.ofMillis(delayMillis), untilReleased, startsPerSecond, faults);
    try (Simulator simulator = new Simulator(options)) {
      simulator.awaitEnd();
    }
  }
}
