package io.asyncproxy.benchmarks.simulator;

import java.time.Duration;
import java.util.List;

/**
 * How the simulated job server behaves.
 *
 * @param port where it listens on 127.0.0.1; 0: any that is free
 * @param delay from a start to its callback
 * @param untilReleased callbacks wait for {@code POST /release} instead
 * @param startsPerSecond more are answered with 429, without {@code Retry-After}; 0: no limit
 * @param faults what goes wrong how often
 */
public record SimulatorOptions(
    int port, Duration delay, boolean untilReleased, int startsPerSecond, FaultRates faults) {

  /** Callbacks at once, no limit, no faults. */
  public static SimulatorOptions plain(int port) {
    return new SimulatorOptions(port, Duration.ZERO, false, 0, FaultRates.NONE);
  }

  /** Callbacks wait until they are released. */
  public static SimulatorOptions held(int port) {
    return new SimulatorOptions(port, Duration.ZERO, true, 0, FaultRates.NONE);
  }

  /** The command line that {@link SimulatorCommand} reads back. */
  public List<String> arguments() {
    return List.of(
        "simulator",
        "--port=" + port,
        "--delay-ms=" + delay.toMillis(),
        "--until-released=" + untilReleased,
        "--starts-per-second=" + startsPerSecond,
        "--lose-callbacks=" + faults.lost(),
        "--duplicate-callbacks=" + faults.duplicated(),
        "--busy-rate=" + faults.busy(),
        "--reset-rate=" + faults.reset(),
        "--seed=" + faults.seed());
  }
}
