package io.asyncproxy.cli;

import io.asyncproxy.settings.Settings;
import io.asyncproxy.testbed.JobClientOptions;
import io.asyncproxy.testbed.JobClientReport;
import io.asyncproxy.testbed.LoadBalancer;
import io.asyncproxy.testbed.RedisServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code demo --nodes N}: several node processes on one Redis, one of them killed half-way. */
final class NodesDemo {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int JOBS = 200;
  private static final int CLIENTS = 50;
  private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Vertx vertx;
  private final URI jobServer;
  private final PrintWriter out;
  private final List<Process> nodes = new ArrayList<>();

  NodesDemo(Vertx vertx, URI jobServer, PrintWriter out) {
    this.vertx = vertx;
    this.jobServer = jobServer;
    this.out = out;
  }

  /** Whether it went as it should. */
  boolean run(int count, Optional<String> redisUrl) throws Exception {
    if (redisUrl.isEmpty() && !isInstalled()) {
      out.println(
          "demo --nodes needs Redis: install redis-server (Debian: apt-get install redis-server), or"
              + " name one with --redis redis://host:port");
      return false;
    }
    try (OwnRedis own = new OwnRedis(redisUrl)) {
      return run(count, own.url());
    } finally {
      nodes.forEach(Process::destroyForcibly);
      for (Process node : nodes) {
        node.waitFor();
      }
    }
  }

  private static boolean isInstalled() {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(":")) {
      if (Path.of(folder, "redis-server").toFile().canExecute()) {
        return true;
      }
    }
    return false;
  }

  /** The Redis that was named, or one of our own that leaves nothing behind. */
  private static final class OwnRedis implements AutoCloseable {
    private final Optional<RedisServer> server;
    private final String url;

    OwnRedis(Optional<String> named) throws Exception {
      this.server = named.isPresent() ? Optional.empty() : Optional.of(new RedisServer());
      this.url = named.orElseGet(() -> server.orElseThrow().url());
    }

    String url() {
      return url;
    }

    @Override
    public void close() throws Exception {
      if (server.isPresent()) {
        server.get().close();
      }
    }
  }

  private boolean run(int count, String redis) throws Exception {
    List<Integer> ports = new ArrayList<>();
    int front = freePort();
    out.printf("Starting %d nodes on %s ...%n", count, Settings.STORE_URL.shown(redis));
    out.flush();
    for (int i = 0; i < count; i++) {
      ports.add(freePort());
      nodes.add(launch(ports.get(i), front, redis));
    }
    for (int i = 0; i < count; i++) {
      awaitPort(ports.get(i), nodes.get(i));
    }
    LoadBalancer balancer = new LoadBalancer(vertx, ports);
    balancer.start(front).await(10, TimeUnit.SECONDS);
    URI url = URI.create("http://127.0.0.1:" + front + "/proxy");
    out.printf(
        """

        %d clients, %d jobs of 0.5 s, through a load balancer at %s.
        Any node takes any request and any callback. One node is killed (kill -9) half-way.

        """,
        CLIENTS, JOBS, url);
    out.flush();
    long killed = nodes.getFirst().pid();
    vertx.setTimer(1_000, _ -> nodes.getFirst().destroyForcibly());
    JobClientReport report =
        JobClientCommand.run(
            new JobClientOptions(url, "demo@example.org", JOBS, CLIENTS, DEADLINE), out);
    out.printf(
        "%nNode 1 (process %d) was killed; %d requests that it held or was sent were repeated at"
            + " another node, with the same Idempotency-Key.%n",
        killed, balancer.repeated());
    balancer.close().await(10, TimeUnit.SECONDS);
    return report.passed();
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private Process launch(int port, int front, String redis) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.asyncproxy.cli.Main",
                "serve",
                "--port",
                Integer.toString(port),
                "--host",
                "127.0.0.1",
                "--admin-port",
                "0",
                "--job-server-url",
                jobServer.toString(),
                "--public-url",
                "http://127.0.0.1:" + front + "/proxy",
                "--hold-timeout", // what waited at the node that dies is adopted within 30 s
                "60s",
                "--job-server-idempotent", // an attempt that died with its node is made again
                "true",
                "--log-level",
                "error")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder
        .environment()
        .put("STORE_URL", redis); // not on the command line: it may hold a password
    return builder.start();
  }

  private static void awaitPort(int port, Process node) throws Exception {
    long began = System.nanoTime();
    while (true) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException notYet) {
        if (node.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() - began > READY_NANOS) {
          throw new IOException("a node did not start; is Redis 6.2 or newer reachable?");
        }
      }
    }
  }
}
