package io.asyncproxy.benchmarks.limit;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code limit}: the hand-written lower limit as a process of its own. */
@Command(name = "limit", description = "The hand-written lower limit, until it is ended.")
public final class LimitCommand implements Runnable {
  @Option(names = "--port", required = true, description = "on 127.0.0.1")
  private int port;

  @Option(names = "--job-server-port", required = true, description = "on 127.0.0.1")
  private int jobServerPort;

  /** The command line that this command reads back. */
  public static List<String> arguments(int port, int jobServerPort) {
    return List.of("limit", "--port=" + port, "--job-server-port=" + jobServerPort);
  }

  @Override
  public void run() {
    try (Limit limit = new Limit(port, jobServerPort)) {
      limit.awaitEnd();
    }
  }
}
