package io.asyncproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real HAProxy in front of some ports, with the configuration that {@code deploy/} ships. */
final class Balancer implements AutoCloseable {
  private static final Path SHIPPED = Path.of("..", "deploy", "haproxy", "haproxy.cfg");

  private static final long UP_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final Path socket;

  /** Listens on {@code port}, in front of {@code nodes}. */
  Balancer(Path folder, int port, List<Integer> nodes) throws IOException {
    socket = Files.createTempDirectory("haproxy").resolve("stats"); // paths of sockets are short
    StringBuilder servers = new StringBuilder();
    for (int node : nodes) {
      servers.append("    server n%d 127.0.0.1:%d\n".formatted(node, node));
    }
    String config =
        Files.readString(SHIPPED)
            .replaceAll("bind \\S+:4567", "bind 127.0.0.1:" + port)
            .replaceAll("(?m)^ +server .*\\R", "")
            .replaceAll("(?m)^ +resolvers .*\\R", "")
            .replace("# servers\n", servers)
            .replace("global\n", "global\n    stats socket " + socket + '\n');
    Path file = Files.writeString(folder.resolve("haproxy.cfg"), config);
    process =
        new ProcessBuilder("haproxy", "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("haproxy.log").toFile())
            .start();
  }

  /** Waits until its health checks have found the node on {@code port} well. */
  void awaitUp(int port) throws Exception {
    long began = System.nanoTime();
    while (statistics().lines().noneMatch(line -> isUp(line, port))) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() - began > UP_NANOS) {
        throw new AssertionError("HAProxy does not see the node: " + statistics());
      }
    }
  }

  private static boolean isUp(String line, int port) {
    return line.startsWith("nodes,n" + port + ',') && line.contains(",UP,");
  }

  /** One line of CSV for each server. */
  private String statistics() throws Exception {
    if (!Files.exists(socket)) {
      return "";
    }
    try (SocketChannel asked = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      asked.write(ByteBuffer.wrap("show stat\n".getBytes(UTF_8)));
      return new String(Channels.newInputStream(asked).readAllBytes(), UTF_8);
    }
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    process.waitFor(10, TimeUnit.SECONDS);
  }
}
