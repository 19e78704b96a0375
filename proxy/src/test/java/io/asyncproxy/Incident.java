package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.AlertTimeline.Phase;
import io.asyncproxy.testbed.JobServer;
import io.asyncproxy.testbed.JobServerOptions;
import io.vertx.core.Vertx;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * A proxy before a simulated job server, and what is scraped of it before, in and after a fault.
 */
@SuppressWarnings("NullAway.Init") // the proxy is started by the script
final class Incident implements AutoCloseable {
  static final Duration LONGEST = Duration.ofSeconds(90);
  private static final Duration QUICK = Duration.ofMillis(20);
  private static final long BETWEEN_LOOKS = 50_000_000L;
  private static final int SCRAPES = 4;
  private static final int MINUTES = 20;
  private static final int QUIET_MINUTES = 90;
  private static final int MOST_TRIES = 40;

  /** Does things to the proxy. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient scraper = HttpClient.newHttpClient();
  private final List<Phase> phases = new ArrayList<>();
  private final List<AutoCloseable> others = new ArrayList<>();
  private JobServer jobServer;
  private int jobServerPort;
  private int accounts;
  private RunningProxy proxy;

  Incident() throws Exception {
    jobServerIs(works());
  }

  static JobServerOptions works() {
    return JobServerOptions.withDelay(0, QUICK);
  }

  static JobServerOptions fails(double errors, double lostCallbacks, Optional<Double> rateLimit) {
    return new JobServerOptions(
        0, QUICK, Duration.ZERO, 0, errors, lostCallbacks, 0, 0, rateLimit, Optional.empty());
  }

  static JobServerOptions answersAfter(Duration slowStart) {
    return new JobServerOptions(
        0, slowStart, slowStart, 0, 0, 0, 0, 0, Optional.empty(), Optional.empty());
  }

  /** From now on it behaves so, at the same address. */
  void jobServerIs(JobServerOptions like) throws Exception {
    if (jobServer != null) {
      stopJobServer();
    }
    JobServerOptions here =
        new JobServerOptions(
            jobServerPort,
            like.delay(),
            like.slowStart(),
            like.rejectRate(),
            like.errorRate(),
            like.loseCallbacks(),
            like.duplicateCallbacks(),
            like.earlyCallbacks(),
            like.rateLimit(),
            like.callbackSecret());
    jobServer = new JobServer(vertx, here, Clock.systemUTC());
    jobServerPort = jobServer.start().await(20, TimeUnit.SECONDS);
  }

  void stopJobServer() throws Exception {
    jobServer.close().await(20, TimeUnit.SECONDS);
  }

  /** A proxy, which is scraped from now on. */
  RunningProxy start(String... settings) throws Exception {
    proxy = node(settings);
    return proxy;
  }

  /** Another one, which is not. */
  RunningProxy node(String... settings) throws Exception {
    Map<String, String> flags = new HashMap<>();
    flags.put("job-server.url", "http://127.0.0.1:" + jobServerPort + "/start");
    flags.put("hold.timeout", "25s");
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    RunningProxy node = new RunningProxy(flags);
    others.add(node);
    return node;
  }

  void stop(RunningProxy node) throws Exception {
    others.remove(node);
    node.close();
  }

  /** Closed with this. */
  <T extends AutoCloseable> T with(T other) {
    others.add(other);
    return other;
  }

  RunningProxy proxy() {
    return proxy;
  }

  /** A body of an account that nobody else has. */
  String job() {
    return "{\"account\":\"a" + accounts++ + "\"}";
  }

  /** Runs {@code count} jobs at once; how they were answered. */
  List<Integer> run(int count, String... headers) throws Exception {
    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(proxy.proxy(job(), headers));
    }
    List<Integer> statuses = new ArrayList<>();
    for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
      statuses.add(answer.get(40, TimeUnit.SECONDS).statusCode());
    }
    return statuses;
  }

  /** The same with jobs that all get {@code status}. */
  void runAll(int count, int status, String... headers) throws Exception {
    assertThat(run(count, headers)).containsOnly(status);
  }

  /** Runs jobs until one is answered with its result. */
  void runUntilItWorks() {
    Eventually.within(LONGEST, () -> assertThat(run(1)).containsOnly(200));
  }

  Scrape scrape() throws Exception {
    return Scrape.of(scraper, proxy.proxy().adminPort());
  }

  /** Looks until {@code shows}. */
  Scrape scrapeOnce(Predicate<Scrape> shows) throws Exception {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    Scrape last = scrape();
    while (!shows.test(last)) {
      assertThat(System.nanoTime()).as(last.text()).isLessThan(deadline);
      LockSupport.parkNanos(BETWEEN_LOOKS);
      last = scrape();
    }
    return last;
  }

  /** All is well: no alert fires, or none does any more at the end. */
  void quiet(String name) throws Exception {
    quiet(name, () -> runAll(10, 200));
  }

  /** The same with something else to do. A machine that is too busy for it gets another try. */
  void quiet(String name, Step doing) throws Exception {
    Scrape before = scrape();
    doing.run();
    Scrape after = scrape();
    for (int i = 0; i < MOST_TRIES && isSlow(before, after); i++) {
      before = after;
      doing.run();
      after = scrape();
    }
    phases.add(new Phase(name, QUIET_MINUTES, Set.of(), List.of(before, after)));
  }

  private static boolean isSlow(Scrape before, Scrape after) {
    return more(before, after, "asyncproxy_added_latency_seconds")
        || more(before, after, "asyncproxy_store_seconds");
  }

  private static boolean more(Scrape before, Scrape after, String name) {
    return after.above(name, "0.1") > before.above(name, "0.1");
  }

  /** A fault: exactly {@code alerts} fire while {@code round} is done again and again. */
  void fault(String name, Set<String> alerts, Step round) throws Exception {
    List<Scrape> scrapes = new ArrayList<>();
    for (int i = 0; i < SCRAPES; i++) {
      round.run();
      scrapes.add(scrape());
    }
    fault(name, MINUTES, alerts, scrapes);
  }

  /** A fault of which this was scraped. */
  void fault(String name, int minutes, Set<String> alerts, List<Scrape> scrapes) {
    phases.add(new Phase(name, minutes, alerts, scrapes));
  }

  List<Phase> phases() {
    return phases;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable other : others.reversed()) {
      other.close();
    }
    jobServer.close();
    vertx.close().await(20, TimeUnit.SECONDS);
    scraper.shutdownNow();
  }
}
