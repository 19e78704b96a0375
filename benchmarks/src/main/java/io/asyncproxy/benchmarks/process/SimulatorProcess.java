package io.asyncproxy.benchmarks.process;

import java.util.Arrays;

/** The simulated job server as a process of its own. */
public record SimulatorProcess(int port, Child child) implements AutoCloseable {
  /** Starts that were answered with yes. */
  public long started() {
    String stats = Local.get(port, "/stats");
    return Arrays.stream(stats.substring(stats.indexOf('{') + 1).split("[,}]"))
        .filter(count -> count.startsWith("\"STARTED\":"))
        .mapToLong(count -> Long.parseLong(count.substring(count.indexOf(':') + 1)))
        .findFirst()
        .orElse(0);
  }

  /** What it saw, as JSON. */
  public String stats() {
    String stats = Local.get(port, "/stats");
    return stats.substring(stats.indexOf('{'));
  }

  /** Sends all callbacks that wait for it. */
  public void release() {
    Local.post(port, "/release");
  }

  @Override
  public void close() {
    child.close();
  }
}
