package io.asyncproxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.asyncproxy.telemetry.PeerFaults;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Malformed and mutated requests over real sockets, in batches: none is answered by an error of
 * ours, logs one, hangs, or leaves anything behind, and after each batch the service works. As many
 * inputs as {@code -Dfuzz.inputs} says.
 */
@SuppressWarnings("NullAway.Init") // set before each run
class FuzzTest {
  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 10_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261124);
  private static final int BATCH = Math.clamp(INPUTS / 4, 1, 10_000);
  private static final int AT_ONCE = 100;

  /** Within it an answer, or the end of the connection, must come: it is cut off long before. */
  private static final int HANGS_AFTER_MILLIS = 15_000;

  private static final Duration ARRIVAL = Duration.ofMillis(250);
  private static final Duration IDLE = Duration.ofMillis(500);

  private final Queue<String> logged = new ConcurrentLinkedQueue<>();
  private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private final Mutations mutations = new Mutations(SEED);
  private TolerantJobServer jobServer;
  private RunningProxy proxy;
  private AppenderBase<ILoggingEvent> log;

  @BeforeEach
  void start() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    log =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (!event.getLoggerName().endsWith("BlockedThreadChecker")) { // a busy machine
              logged.add(event + ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
          }
        };
    log.addFilter(new PeerFaults());
    log.start();
    root.addAppender(log);
    jobServer = new TolerantJobServer();
    proxy =
        new RunningProxy(
            Map.of(
                "job-server.url", jobServer.url(),
                "job-server.connections-per-account", "100",
                "job.timeout", "2s",
                "job.retention", "1s",
                "dead-letter.retention", "1s",
                "body.max", "64KiB",
                "hold.timeout", "300ms",
                "hold.max", "300ms"),
            limits -> limits.times(ARRIVAL, IDLE));
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAppender(log);
    root.setLevel(Level.DEBUG);
  }

  @Test
  void noInputIsAnsweredByAnErrorHangsOrLeavesAnythingBehind() throws Exception {
    long began = System.nanoTime();
    long heapAfterFirst = 0;
    for (int done = 0; done < INPUTS; done += BATCH) {
      batch(Math.min(BATCH, INPUTS - done));
      assertNothingWrong(done);
      if (done == 0) {
        heapAfterFirst = heap();
      }
    }
    long heap = heap();
    System.out.printf(
        "FUZZ sockets: %,d inputs, seed %d, %.1f s, answers %s, heap %d MB after the first batch, %d MB at"
            + " the end%n",
        INPUTS, SEED, (System.nanoTime() - began) / 1e9, statuses, heapAfterFirst, heap);
    assertThat(heap - heapAfterFirst).isLessThan(64);
  }

  private void batch(int size) throws Exception {
    List<byte[]> seeds = seeds();
    List<byte[]> inputs = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      inputs.add(mutations.next(seeds));
    }
    try (ExecutorService clients =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      List<Future<List<Integer>>> answers = new ArrayList<>(size);
      for (byte[] input : inputs) {
        answers.add(clients.submit(() -> send(input)));
      }
      for (Future<List<Integer>> answer : answers) {
        answer.get(60, TimeUnit.SECONDS).forEach(status -> statuses.merge(status, 1, Integer::sum));
      }
    }
  }

  private List<Integer> send(byte[] input) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      client.trySend(input);
      boolean over = client.readUntilQuiet(HANGS_AFTER_MILLIS);
      if (!over) {
        mistakes.add("hangs: " + new String(input, ISO_8859_1));
      }
      for (int status : client.statuses()) {
        if (isError(status, client.received())) {
          mistakes.add(status + ": " + new String(input, ISO_8859_1) + " -> " + client.received());
        }
      }
      if (client.received().contains("Exception") || client.received().contains("\tat ")) {
        mistakes.add("shows its inside: " + client.received());
      }
      return client.statuses();
    }
  }

  /** 504 is the documented answer where no result came within the hold. */
  private static boolean isError(int status, String received) {
    return status >= 500 && !(status == 504 && received.contains(" timed out"));
  }

  private void assertNothingWrong(int done) throws Exception {
    assertThat(mistakes).as("seed %d, batch at %d", SEED, done).isEmpty();
    assertThat(logged).as("seed %d, batch at %d", SEED, done).isEmpty();
    Eventually.that(this::assertItServes);
    Eventually.that(() -> assertThat(proxy.proxy().held()).isZero());
    Eventually.that(() -> assertThat(proxy.proxy().followers()).isZero());
    Eventually.that(() -> assertThat(proxy.proxy().connections()).isZero());
    Eventually.that(() -> assertThat(proxy.proxy().deadlines()).isZero());
  }

  private void assertItServes() throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      String body = "{\"account\":\"after\"}";
      client.trySend(post("/proxy", "", body).getBytes(ISO_8859_1)).readUntilQuiet(5_000);
      assertThat(client.statuses()).containsExactly(200);
    }
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  /** Valid requests of every kind; the callbacks are of jobs that exist. */
  private List<byte[]> seeds() throws Exception {
    String[] job = {""};
    Eventually.that(() -> job[0] = quietJob());
    Eventually.that(() -> assertThat(jobServer.lastQuietCallback()).isNotEmpty());
    String callback = URI.create(jobServer.lastQuietCallback()).getPath();
    return seeds(job[0], callback).stream().map(seed -> seed.getBytes(ISO_8859_1)).toList();
  }

  private String quietJob() throws IOException {
    String quiet = "{" + TolerantJobServer.QUIET + "}";
    try (RawClient client = new RawClient(proxy.port())) {
      client.trySend(post("/proxy", "Prefer: respond-async\r\n", quiet).getBytes(ISO_8859_1));
      client.readSome();
      assertThat(client.statuses()).containsExactly(202);
      return client.received().replaceFirst("(?s).*\"id\":\"([^\"]+)\".*", "$1");
    }
  }

  @SuppressWarnings("StringConcatToTextBlock") // CR LF, and bytes
  private static List<String> seeds(String job, String callback) {
    String get = "GET /proxy/jobs/" + job + " HTTP/1.1\r\nHost: h\r\n";
    return List.of(
        post("/proxy", "", "{\"account\":\"a@b.c\",\"x\":[1,{\"y\":2.5}]}"),
        post("/proxy", "Prefer: wait=1, respond-async\r\n", "{\"account\":\"b\",\"wait\":false}"),
        post("/proxy", "Idempotency-Key: \"k1\"\r\nOrigin: http://h\r\n", "{\"account\":\"c\"}"),
        "POST /proxy HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "8;a=b\r\n{\"accoun\r\n8\r\nt\":\"d\"} \r\n0\r\nX: y\r\n\r\n",
        post(callback, "Expect: 100-continue\r\n", "{\"id\":\"1\",\"state\":\"completed\"}"),
        post(callback, "", "{\"id\":\"2\",\"state\":\"running\"}"),
        post("/proxy/callback", "", "{\"id\":\"1\"}"),
        get + "\r\n",
        get + "Prefer: wait=1\r\n\r\n",
        get + "Accept: text/event-stream\r\nLast-Event-ID: 1\r\n\r\n",
        "DELETE /proxy/jobs/" + job + " HTTP/1.1\r\nHost: h\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: h\r\nAccess-Control-Request-Method: POST\r\n\r\n",
        "HEAD /health HTTP/1.0\r\n\r\n" + get + "\r\n",
        "GET /readyz?a=%20 HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
            + "\0\0\u000e\1\5\0\0\0\1\u0082\u0086D\7/healthA\1h");
  }

  private static String post(String path, String headers, String body) {
    return "POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(path, headers, body.length(), body);
  }
}
