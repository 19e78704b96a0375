package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedJobServer.Start;
import io.asyncproxy.testbed.JobServer;
import io.asyncproxy.testbed.JobServerOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Breaker, pace, rates, overdue callbacks: over real HTTP, before a job server that obeys. */
@SuppressWarnings("NullAway.Init") // each test starts its own proxy
class StartingWellTest {
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";

  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  private void proxy(String... settings) throws Exception {
    proxy = RunningProxy.before(jobServer, settings);
  }

  private CompletableFuture<HttpResponse<byte[]>> send(String account, String... headers) {
    return proxy.proxy("{\"account\":\"" + account + "\"}", headers);
  }

  private HttpResponse<byte[]> post(String account, String... headers) throws Exception {
    return send(account, headers).get(20, TimeUnit.SECONDS);
  }

  private String metrics() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + "/metrics");
    return new String(
        proxy.send(HttpRequest.newBuilder(uri)).get(20, TimeUnit.SECONDS).body(), UTF_8);
  }

  private JsonObject adminJob(String id) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + "/admin/jobs/" + id);
    return json(proxy.send(HttpRequest.newBuilder(uri)).get(20, TimeUnit.SECONDS));
  }

  private void openTheBreaker() throws Exception {
    jobServer.onStart(start -> start.answer(500, ""));
    while (!metrics().contains("asyncproxy_circuit_state 2.0")) {
      assertThat(post("a").statusCode()).isEqualTo(502);
      jobServer.nextStart();
    }
  }

  @Test
  void openBreakerRefusesHeldClientsTakesAsyncJobsAndAnswersKnownKeys() throws Exception {
    proxy("job-server.breaker-wait", "1h");
    jobServer.onStart(start -> start.accept("1"));
    var first = send("k", "Idempotency-Key", "known");
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    assertThat(first.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    openTheBreaker();

    HttpResponse<byte[]> refused = post("b");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(3_500, 4_600);
    assertThat(json(refused).getBoolean("retryable")).isTrue();
    assertThat(header(refused, "Job-Id")).isEmpty();

    HttpResponse<byte[]> again = post("k", "Idempotency-Key", "known");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(header(again, "Idempotency-Replayed")).isEqualTo("true");

    assertThat(post("c", "Prefer", "respond-async").statusCode()).isEqualTo(202);
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @Test
  void asyncJobsWaitForTheBreakerToCloseAndAreStartedThen() throws Exception {
    proxy("job-server.breaker-wait", "300ms");
    openTheBreaker();
    jobServer.onStart(start -> start.accept("1"));
    for (int i = 0; i < 5; i++) {
      assertThat(post("c" + i, "Prefer", "respond-async").statusCode()).isEqualTo(202);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(proxy.callBack(jobServer.nextStart().callback(), RESULT).statusCode())
          .isEqualTo(200);
    }
    assertThat(metrics()).contains("asyncproxy_circuit_state 0.0");
  }

  @Test
  void failedProbeIsTheOnlyStartUntilTheNextWaitIsOver() throws Exception {
    proxy("job-server.breaker-wait", "1s");
    openTheBreaker();
    List<Long> probes = new CopyOnWriteArrayList<>();
    jobServer.onStart(
        start -> {
          probes.add(System.nanoTime());
          start.answer(500, "");
        });
    for (int i = 0; i < 5; i++) {
      post("c" + i, "Prefer", "respond-async");
    }
    Eventually.that(() -> assertThat(probes).hasSizeGreaterThan(1));
    assertThat(Duration.ofNanos(probes.get(1) - probes.get(0)))
        .isGreaterThan(Duration.ofMillis(900));
  }

  @Test
  void floodOfOneAccountDelaysAnothersNextJobByOneStartAtMost() throws Exception {
    proxy("job-server.connections", "1");
    List<Start> unanswered = java.util.Collections.synchronizedList(new ArrayList<>());
    jobServer.onStart(unanswered::add);
    List<CompletableFuture<HttpResponse<byte[]>>> flood = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      flood.add(send("flood", "Prefer", "respond-async"));
    }
    for (var answer : flood) {
      assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
    }
    assertThat(post("other", "Prefer", "respond-async").statusCode()).isEqualTo(202);
    jobServer.onStart(start -> {});
    jobServer.nextStart();
    unanswered.getFirst().accept("0");
    int before = 0;
    for (Start next = jobServer.nextStart();
        !next.body().getString("account").equals("other");
        next = jobServer.nextStart()) {
      before++;
      next.accept("x");
    }
    assertThat(before).isLessThanOrEqualTo(1);
  }

  @Test
  void accountOverItsRateIsToldSoAndOthersAreNot() throws Exception {
    proxy("rate.per-account", "2/h");
    jobServer.onStart(start -> start.accept("1"));
    HttpResponse<byte[]> first = post("a", "Prefer", "respond-async");
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"account\";q=2;w=3600");
    assertThat(header(first, "RateLimit")).startsWith("\"account\";r=1;t=");
    post("a", "Prefer", "respond-async");
    HttpResponse<byte[]> third = post("a", "Prefer", "respond-async");
    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(header(third, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(Integer.parseInt(header(third, "Retry-After"))).isBetween(1_700, 2_300);
    assertThat(header(third, "RateLimit")).startsWith("\"account\";r=0;t=");
    assertThat(post("b", "Prefer", "respond-async").statusCode()).isEqualTo(202);
    assertThat(proxy.callBack(jobServer.nextStart().callback(), RESULT).statusCode())
        .isEqualTo(200);
  }

  @Test
  void retryAfterStopsItsAccountAndNobodyElse() throws Exception {
    proxy();
    jobServer.onStart(
        start -> {
          if (start.body().getString("account").equals("told")) {
            start.request().response().putHeader("Retry-After", "3600");
            start.answer(429, "");
          } else {
            start.accept("1");
          }
        });
    post("told", "Prefer", "respond-async");
    jobServer.nextStart();
    String told = "asyncproxy_job_server_requests_total{outcome=\"busy\"} 1.0";
    Eventually.that(() -> assertThat(metrics()).contains(told));
    assertThat(post("told", "Prefer", "respond-async").statusCode()).isEqualTo(503);
    HttpResponse<byte[]> held = post("told");
    assertThat(held.statusCode()).isEqualTo(503);
    assertThat(header(held, "Retry-After")).isNotEmpty();
    post("other", "Prefer", "respond-async");
    assertThat(jobServer.nextStart().body().getString("account")).isEqualTo("other");
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @Test
  void lateCallbackIsNotedLongBeforeTheJobExpires() throws Exception {
    proxy();
    jobServer.onStart(start -> start.accept("1"));
    for (int i = 0; i < 20; i++) {
      var held = send("a" + i);
      proxy.callBack(jobServer.nextStart().callback(), RESULT);
      held.get(20, TimeUnit.SECONDS);
    }
    String job = header(post("lost", "Prefer", "respond-async"), "Job-Id");
    Eventually.within(
        Duration.ofSeconds(60),
        () ->
            assertThat(adminJob(job).getJsonArray("history").encode())
                .contains("\"outcome\":\"overdue\""));
    assertThat(metrics()).contains("asyncproxy_jobs_overdue_total 1.0");
    assertThat(proxy.callBack(lastStart().callback(), RESULT).statusCode()).isEqualTo(200);
    assertThat(adminJob(job).getString("state")).isEqualTo("completed");
  }

  private Start lastStart() throws Exception {
    Start last = jobServer.nextStart();
    while (jobServer.unseenStarts() > 0) {
      last = jobServer.nextStart();
    }
    return last;
  }

  @FunctionalInterface
  private interface LoserTest {
    void run() throws Exception;
  }

  /** With a job server that loses every callback, and can be asked. */
  private void withLoser(LoserTest test) throws Exception {
    Vertx vertx = Vertx.vertx();
    JobServer loser =
        new JobServer(
            vertx,
            new JobServerOptions(
                0,
                Duration.ofMillis(100),
                Duration.ZERO,
                0,
                0,
                1,
                0,
                0,
                Optional.empty(),
                Optional.empty()),
            Clock.systemUTC());
    int port = loser.start().await(10, TimeUnit.SECONDS);
    String base = "http://127.0.0.1:" + port;
    proxy =
        new RunningProxy(
            Map.of(
                "job-server.url", base + "/start", "job-server.status-url", base + "/jobs/{id}"));
    test.run();
    loser.close().await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void lostCallbacksAreAskedForSoThatHeldClientsGetTheirResults() throws Exception {
    withLoser(
        () -> {
          HttpResponse<byte[]> answer = post("a");
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(json(answer).getString("state")).isEqualTo("completed");
          assertThat(json(answer).getString("proof"))
              .isEqualTo(JobServer.proof(json(answer).getString("id"), "a"));
        });
  }

  /** More than are asked for at once wait for each other, and not for their leases. */
  @Test
  void manyLostCallbacksAreAskedForInTurn() throws Exception {
    withLoser(
        () -> {
          for (int i = 0; i < 150; i++) {
            post("a" + i, "Prefer", "respond-async");
          }
          Eventually.within(
              Duration.ofSeconds(60),
              () -> assertThat(metrics()).contains("asyncproxy_jobs_in_flight 0.0"));
        });
  }

  @Test
  void fullHoldsAre503ButKnownKeysAreAnswered() throws Exception {
    proxy("held.max", "1");
    var done = send("a", "Idempotency-Key", "done");
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    assertThat(done.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    var holding = send("b");
    Start start = jobServer.nextStart();
    assertThat(post("c").statusCode()).isEqualTo(503);
    assertThat(post("a", "Idempotency-Key", "done").statusCode()).isEqualTo(200);
    assertThat(proxy.callBack(start.callback(), RESULT).statusCode()).isEqualTo(200);
    assertThat(holding.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void metricsAreThereInBothFormats() throws Exception {
    proxy();
    post("a", "Prefer", "respond-async");
    assertThat(metrics())
        .contains("asyncproxy_jobs_in_flight 1.0")
        .contains("asyncproxy_dead_letters 0.0")
        .contains("asyncproxy_pace_limit +Inf")
        .contains("asyncproxy_callbacks_total{result=\"stored\"} 0.0")
        .contains("jvm_memory_used_bytes");
    URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + "/metrics");
    HttpResponse<byte[]> open =
        proxy
            .send(HttpRequest.newBuilder(uri).header("Accept", "application/openmetrics-text"))
            .get(20, TimeUnit.SECONDS);
    assertThat(header(open, "Content-Type")).startsWith("application/openmetrics-text");
    assertThat(new String(open.body(), UTF_8)).endsWith("# EOF\n");
  }
}
