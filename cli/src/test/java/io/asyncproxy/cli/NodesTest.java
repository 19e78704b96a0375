package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.testbed.RedisServer;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five node processes, one Redis, a real HAProxy in front of clients and callbacks; what happens is
 * written down and compared with the promises afterwards.
 */
@Timeout(600)
@SuppressWarnings("NullAway.Init") // set before each test
class NodesTest {
  private static final int NODES = 5;
  private static final int CLIENTS = Integer.getInteger("nodes.clients", 200);

  /** {@code job.timeout}, the 10 s that the sweeper has, and the rest for a slow machine. */
  private static final Duration EXPIRY = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final List<ServeProcess> nodes = new ArrayList<>();
  private RedisServer redis;
  private ProxyPort front;
  private Balancer balancer;
  private RecordingJobServer jobServer;
  private CrashClients clients;

  /** The debug log of the clients would be the load. */
  @BeforeAll
  static void logLess() {
    Logging.configure(Optional.of("text"), "warn", System.err);
  }

  @BeforeEach
  void start() throws Exception {
    redis = RedisServer.notSynced();
    front = new ProxyPort(vertx);
    jobServer = new RecordingJobServer(vertx, front);
    clients = new CrashClients(vertx, front);
    for (int n = 0; n < NODES; n++) {
      Path own = Files.createDirectory(folder.resolve("node" + n));
      nodes.add(new ServeProcess(new ProxyPort(vertx), own, settings()));
      nodes.get(n).start();
    }
    balancer = new Balancer(folder, front.port(), nodes.stream().map(ServeProcess::port).toList());
    for (ServeProcess node : nodes) {
      balancer.awaitUp(node.port());
    }
  }

  private List<String> settings() {
    return List.of(
        "--job-server-url",
        jobServer.url(),
        "--public-url",
        "http://127.0.0.1:" + front.port() + "/proxy",
        "--store-url",
        redis.url(),
        "--job-timeout",
        "30s",
        "--hold-timeout",
        "20s",
        "--job-server-timeout",
        "2s");
  }

  @AfterEach
  void stop() throws Exception {
    balancer.close();
    for (ServeProcess node : nodes) {
      node.close();
    }
    redis.close();
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private static void waitFor(int millis) throws InterruptedException {
    new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  private void finishAndCheck() throws Exception {
    clients.stop().await(EXPIRY.toSeconds() + 20, TimeUnit.SECONDS);
    assertThat(jobServer.settles(EXPIRY)).as("callbacks are answered").isTrue();
    long began = System.nanoTime();
    while (unfinished() > 0 && System.nanoTime() - began < EXPIRY.toNanos()) {
      waitFor(200);
    }
    assertThat(unfinished()).as("unfinished jobs").isZero();
    assertThat(new CrashFindings(front, jobServer.jobs(), clients.asked()).wrong()).isEmpty();
    assertThat(clients.surprises()).isEmpty();
    for (ServeProcess node : nodes) {
      assertThat(node.errors()).isEmpty();
    }
  }

  /** What Redis itself says. */
  private int unfinished() throws Exception {
    int sum = 0;
    for (int shard = 0; shard < 16; shard++) {
      Process asked =
          new ProcessBuilder(
                  "redis-cli",
                  "-p",
                  Integer.toString(redis.port()),
                  "ZCARD",
                  "ap:{" + shard + "}:due")
              .start();
      byte[] answer = asked.getInputStream().readAllBytes();
      sum += Integer.parseInt(new String(answer, StandardCharsets.UTF_8).strip());
    }
    return sum;
  }

  @Test
  void nothingIsLostMixedUpOrDoneTwiceWhenNodesDiePauseAndStop() throws Exception {
    clients.start(CLIENTS);
    waitFor(3_000);
    nodes.get(0).kill();
    waitFor(1_000);
    nodes.get(1).pause();
    waitFor(5_000);
    assertThat(nodes.get(2).terminate()).isZero();
    nodes.get(2).start();
    waitFor(5_000);
    nodes.get(1).goOn();
    nodes.get(0).start();
    waitFor(3_000);
    finishAndCheck();
    System.out.printf(
        "nodes: %d jobs, %d requests cut off%n", jobServer.jobs().size(), clients.cut());
  }

  @Test
  void rollingRestartFailsNobody() throws Exception {
    jobServer.takesAll(); // else a node that happens to be told so often refuses some by itself
    clients.start(CLIENTS);
    for (ServeProcess node : nodes) {
      waitFor(1_000);
      assertThat(node.terminate()).isZero();
      node.start();
      balancer.awaitUp(node.port());
    }
    finishAndCheck();
    assertThat(clients.cut()).as("requests without an answer").isZero();
    assertThat(clients.refused()).as("requests answered 503").isEmpty();
    System.out.printf("rolling restart: %d jobs, no request failed%n", jobServer.jobs().size());
  }
}
