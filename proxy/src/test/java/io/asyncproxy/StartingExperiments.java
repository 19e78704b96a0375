package io.asyncproxy;

import io.asyncproxy.testbed.JobServer;
import io.asyncproxy.testbed.JobServerOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The figures of {@code docs/performance.md} about starting jobs, on demand: {@code ./mvnw test
 * -Dtest=StartingExperiments -Dexperiments -Dsurefire.failIfNoSpecifiedTests=false}. Prints what it
 * measured and asserts nothing: these are measurements, not tests.
 */
@Timeout(600)
@EnabledIfSystemProperty(named = "experiments", matches = ".*")
@SuppressWarnings("NullAway.Init") // set before each run
class StartingExperiments {
  private static final int ACCOUNTS = 200;
  private static final String COMPLETED = "asyncproxy_jobs_total{state=\"completed\"}";

  private Vertx vertx;
  private HttpClient client;
  private int port;
  private JobServer jobServer;
  private RunningProxy proxy;
  private final Map<Integer, AtomicInteger> answers =
      new java.util.concurrent.ConcurrentHashMap<>();
  private final AtomicIntegerArray refusedOf = new AtomicIntegerArray(ACCOUNTS);
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicInteger longestMillis = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(500),
            new PoolOptions().setHttp2MaxSize(40).setMaxWaitQueueSize(-1));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private void jobServer(Duration delay, Optional<Double> limit) throws Exception {
    jobServer =
        new JobServer(
            vertx,
            new JobServerOptions(
                port, delay, Duration.ZERO, 0, 0, 0, 0, 0, limit, Optional.empty()),
            Clock.systemUTC());
    jobServer.start().await(20, TimeUnit.SECONDS);
  }

  private void proxy(String... more) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("job-server.url", "http://127.0.0.1:" + port + "/start");
    settings.put("held.max", "20000");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    proxy = new RunningProxy(settings);
  }

  private Future<Integer> send(String account, boolean async) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(proxy.port())
            .setURI("/proxy")
            .putHeader("content-type", "application/json");
    if (async) {
      options.putHeader("prefer", "respond-async");
    }
    return client
        .request(options)
        .compose(request -> request.send(new JsonObject().put("account", account).toBuffer()))
        .compose(response -> response.body().map(response.statusCode()));
  }

  /** Sends so many a second, whatever the answers do. */
  private void load(int perSecond, int seconds, boolean async) throws Exception {
    long began = System.nanoTime();
    for (int i = 0; i < perSecond * seconds; i++) {
      long wait = began + i * 1_000_000_000L / perSecond - System.nanoTime();
      if (wait > 1_000_000) {
        new CountDownLatch(1).await(wait, TimeUnit.NANOSECONDS);
      }
      int account = i % ACCOUNTS;
      unanswered.incrementAndGet();
      long sent = System.nanoTime();
      send("account" + account, async)
          .onComplete(
              status -> {
                answered(account, status);
                int took = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent);
                longestMillis.accumulateAndGet(took, Math::max);
              },
              _ -> answered(account, 0));
    }
  }

  private void answered(int account, int status) {
    unanswered.decrementAndGet();
    answers.computeIfAbsent(status, _ -> new AtomicInteger()).incrementAndGet();
    if (status == 503) {
      refusedOf.incrementAndGet(account);
    }
  }

  private double metric(String name) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + "/metrics");
    byte[] body = proxy.send(HttpRequest.newBuilder(uri)).get(20, TimeUnit.SECONDS).body();
    return new String(body, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(
            line ->
                Double.parseDouble(line.substring(name.length() + 1).replace("+Inf", "Infinity")))
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String starts(String outcome) {
    return "asyncproxy_job_server_requests_total{outcome=\"" + outcome + "\"}";
  }

  @Test
  void limitOf200WithAThousandOffered() throws Exception {
    jobServer(Duration.ofMillis(500), Optional.of(200.0));
    proxy();
    load(1_000, 20, false);
    double accepted = metric(starts("accepted"));
    double busy = metric(starts("busy"));
    answers.clear();
    for (int i = 0; i < ACCOUNTS; i++) {
      refusedOf.set(i, 0);
    }
    long began = System.nanoTime();
    load(1_000, 60, false);
    double seconds = (System.nanoTime() - began) / 1e9;
    accepted = metric(starts("accepted")) - accepted;
    busy = metric(starts("busy")) - busy;
    int[] refused = new int[ACCOUNTS];
    Arrays.setAll(refused, refusedOf::get);
    System.out.printf(
        "limit: %.1f starts/s accepted, %.2f %% busy, answers %s, refused of an account %d to %d, mean"
            + " %.0f%n",
        accepted / seconds,
        100 * busy / (accepted + busy),
        answers,
        Arrays.stream(refused).min().orElse(0),
        Arrays.stream(refused).max().orElse(0),
        Arrays.stream(refused).average().orElse(0));
    jobServer.close().await(10, TimeUnit.SECONDS);
    jobServer(Duration.ofMillis(500), Optional.empty());
    for (int second = 1; second <= 15; second++) {
      double before = metric(starts("accepted"));
      load(1_000, 1, false);
      System.out.printf(
          "limit lifted, second %d: %.0f starts, pace %.0f%n",
          second, metric(starts("accepted")) - before, metric("asyncproxy_pace_limit"));
    }
    jobServer.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void jobServerDeadForThirtySeconds() throws Exception {
    jobServer(Duration.ofMillis(500), Optional.empty());
    proxy();
    load(300, 5, false);
    jobServer.close().await(10, TimeUnit.SECONDS);
    answers.clear();
    longestMillis.set(0);
    double before = attempts();
    double most = 0;
    int asyncTaken = 0;
    long heapBefore = heap();
    for (int second = 0; second < 30; second++) {
      double now = attempts();
      load(300, 1, second % 3 == 2);
      double perSecond = attempts() - now;
      most = second == 0 ? 0 : Math.max(most, perSecond);
      asyncTaken = answers.getOrDefault(202, new AtomicInteger()).get();
    }
    System.out.printf(
        "dead: %.0f attempts in 30 s, at most %.0f in a second after the first; answers %s; heap %d MB"
            + " before, %d MB then; %.0f jobs wait%n",
        attempts() - before, most, answers, heapBefore, heap(), metric("asyncproxy_jobs_waiting"));
    jobServer(Duration.ofMillis(500), Optional.empty());
    long back = System.nanoTime();
    double done = metric(COMPLETED);
    while (metric(COMPLETED) - done < asyncTaken && System.nanoTime() - back < 60e9) {
      new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
    }
    System.out.printf(
        "back: %d async jobs taken, %.0f jobs completed after %.1f s; %.0f dead letters; slowest answer"
            + " %d ms; %d unanswered%n",
        asyncTaken,
        metric(COMPLETED) - done,
        (System.nanoTime() - back) / 1e9,
        metric("asyncproxy_dead_letters"),
        longestMillis.get(),
        unanswered.get());
    jobServer.close().await(10, TimeUnit.SECONDS);
  }

  private double attempts() throws Exception {
    return metric(starts("unreachable")) + metric(starts("unclear"));
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  @Test
  void aThousandAccountsWithTwentyJobsEachInRandomOrder() throws Exception {
    jobServer(Duration.ofMillis(100), Optional.empty());
    proxy("job-server.connections", "16", "hold.timeout", "60s", "held.max", "30000");
    List<Integer> jobs = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      jobs.add(i % 1_000);
    }
    Collections.shuffle(jobs, new Random(1));
    AtomicLongArray lastOf = new AtomicLongArray(1_000);
    CountDownLatch all = new CountDownLatch(jobs.size());
    long began = System.nanoTime();
    for (int account : jobs) {
      send("account" + account, false)
          .onComplete(
              _ -> {
                lastOf.accumulateAndGet(account, System.nanoTime() - began, Math::max);
                all.countDown();
              });
    }
    all.await(120, TimeUnit.SECONDS);
    long[] last = new long[1_000];
    Arrays.setAll(last, lastOf::get);
    Arrays.sort(last);
    System.out.printf(
        "fairness: 1,000 accounts x 20 jobs, first account done after %.2f s, median %.2f s, last %.2f"
            + " s%n",
        last[0] / 1e9, last[500] / 1e9, last[999] / 1e9);
    jobServer.close().await(10, TimeUnit.SECONDS);
  }
}
