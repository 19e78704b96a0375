package io.asyncproxy.benchmarks.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A running program under test.
 *
 * @param side which
 * @param port where its clients and callbacks come in
 * @param adminPort the proxy's admin listener; 0 for the limit
 * @param store the folder of its store; not there where the store has none
 * @param own the process that is measured, and whatever it needs, in the order of their end
 */
public record Program(
    Side side, int port, int adminPort, Path store, Child own, Optional<Child> redis)
    implements AutoCloseable {

  /** The process that is measured. */
  public long pid() {
    return own.pid();
  }

  /** The value of a metric without labels, or the sum over them. */
  public double metric(String name) {
    List<String> lines = Local.get(adminPort, "/metrics").lines().toList();
    return lines.stream()
        .filter(line -> line.startsWith(name + ' ') || line.startsWith(name + '{'))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    own.close();
    redis.ifPresent(Child::close);
    Children.delete(store);
  }
}
