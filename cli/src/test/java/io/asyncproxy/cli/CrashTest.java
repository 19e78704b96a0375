package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments under load, again and again on the same store: what is promised
 * for that case holds. {@code -Dcrash.rounds=200} makes it a longer run.
 */
@Timeout(1_800)
@SuppressWarnings("NullAway.Init") // set before each test
class CrashTest {
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 20);
  private static final int CLIENTS = 1_000;

  /** {@code job.timeout}, the 10 s that the sweeper has, and the rest for a slow machine. */
  private static final Duration EXPIRY = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private ProxyPort proxy;
  private RecordingJobServer jobServer;
  private ServeProcess serve;
  private CrashClients clients;
  private final IntSummaryStatistics running = new IntSummaryStatistics();

  /** The debug log of a thousand clients would be the load. */
  @BeforeAll
  static void logLess() {
    Logging.configure(Optional.of("text"), "warn", System.err);
  }

  @BeforeEach
  void start() throws Exception {
    proxy = new ProxyPort(vertx);
    jobServer = new RecordingJobServer(vertx, proxy);
    clients = new CrashClients(vertx, proxy);
    serve =
        new ServeProcess(
            proxy,
            folder,
            List.of(
                "--job-server-url",
                jobServer.url(),
                "--job-timeout",
                "30s",
                "--hold-timeout",
                "25s",
                "--job-server-timeout",
                "2s"));
  }

  @AfterEach
  void stop() throws Exception {
    serve.close();
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void nothingIsLostMixedUpOrDoneTwiceHoweverOftenItIsKilled() throws Exception {
    long began = System.nanoTime();
    serve.start();
    clients.start(CLIENTS);
    for (int round = 0; round < ROUNDS; round++) {
      killAtARandomMoment();
      serve.start();
    }
    clients.stop().await(EXPIRY.toSeconds(), TimeUnit.SECONDS);
    StoreFile store = new StoreFile(serve.database());
    assertThat(jobServer.settles(EXPIRY)).as("callbacks are answered").isTrue();
    assertThat(store.allFinish(EXPIRY)).as("every job is finished").isTrue();
    System.out.println(summary(store, System.nanoTime() - began));
    checkPromises(store);
  }

  private void killAtARandomMoment() throws Exception {
    int millis = ThreadLocalRandom.current().nextInt(300, 1_501);
    new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    running.accept(jobServer.owed());
    serve.kill();
  }

  private void checkPromises(StoreFile store) throws Exception {
    assertThat(new CrashFindings(proxy, jobServer.jobs(), clients.asked()).wrong()).isEmpty();
    assertThat(clients.surprises()).isEmpty();
    assertThat(store.keysUsedTwice()).isZero();
    assertThat(store.danglingKeys()).isZero();
    assertThat(serve.errors()).isEmpty();
  }

  private String summary(StoreFile store, long nanos) throws Exception {
    return String.format(
        "crash: %d rounds, %d jobs, %d stored, %d expired, %d requests cut off, %.0f (%d to %d) jobs"
            + " running at a kill, %d s",
        ROUNDS,
        store.jobs(),
        store.jobsIn("completed"),
        store.jobsIn("expired"),
        clients.cut(),
        running.getAverage(),
        running.getMin(),
        running.getMax(),
        TimeUnit.NANOSECONDS.toSeconds(nanos));
  }
}
