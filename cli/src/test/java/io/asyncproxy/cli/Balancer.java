package io.asyncproxy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real HAProxy in front of some ports, with the configuration that {@code deploy/} ships. */
final class Balancer implements AutoCloseable {
  private static final Path SHIPPED = Path.of("..", "deploy", "haproxy", "haproxy.cfg");

  private final Process process;

  /** Listens on {@code port}, in front of {@code nodes}. */
  Balancer(Path folder, int port, List<Integer> nodes) throws IOException {
    StringBuilder servers = new StringBuilder();
    for (int node : nodes) {
      servers.append("    server n%d 127.0.0.1:%d\n".formatted(node, node));
    }
    String config =
        Files.readString(SHIPPED)
            .replaceAll("bind \\S+:4567", "bind 127.0.0.1:" + port)
            .replaceAll("(?m)^ +server .*\\R", "")
            .replaceAll("(?m)^ +resolvers .*\\R", "")
            .replace("# servers\n", servers);
    Path file = Files.writeString(folder.resolve("haproxy.cfg"), config);
    process =
        new ProcessBuilder("haproxy", "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("haproxy.log").toFile())
            .start();
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    process.waitFor(10, TimeUnit.SECONDS);
  }
}
