package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.TestAuthority.Issued;
import io.asyncproxy.testbed.RedisServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What goes wrong with a proxy, and which alerts have to tell of it. */
final class Incidents {
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";
  private static final String[] ASYNC = {"Prefer", "respond-async"};
  private static final String DOWN = "AsyncProxyDown";
  private static final String NODE_MISSING = "AsyncProxyNodeMissing";
  private static final String BREAKER_OPEN = "AsyncProxyBreakerOpen";
  private static final String PACE_CUT = "AsyncProxyPaceCut";
  private static final String GIVEN_UP = "AsyncProxyDeadLettersGrowing";
  private static final String OVERDUE = "AsyncProxyCallbacksOverdue";
  private static final String REJECTED = "AsyncProxyCallbacksRejected";
  private static final String ORPHANED = "AsyncProxyCallbacksOrphaned";
  private static final String STORE_AWAY = "AsyncProxyStoreAway";
  private static final String STORE_SLOW = "AsyncProxyStoreSlow";
  private static final String HELD = "AsyncProxyHeldNearLimit";
  private static final String LATENCY = "AsyncProxyAddedLatencyHigh";
  private static final String ERRORS = "AsyncProxyErrors";
  private static final String UNDELIVERED = "AsyncProxyUndelivered";
  private static final String CERTIFICATE = "AsyncProxyCertificateExpires";

  /** What a machine that is busy with other things brings about by itself. */
  static final Set<String> OF_A_BUSY_MACHINE = Set.of(STORE_SLOW, LATENCY);

  /** Makes something happen. */
  @FunctionalInterface
  interface Script {
    void play(Incident in) throws Exception;
  }

  private final Path folder;

  /** Files are in {@code folder}. */
  Incidents(Path folder) {
    this.folder = folder;
  }

  /** All of them by their names, those that take longest first. */
  Map<String, Script> all() {
    Map<String, Script> all = new LinkedHashMap<>();
    all.put("callbacks without a job", Incidents::orphans);
    all.put("lost callbacks", Incidents::lostCallbacks);
    all.put("the store away", Incidents::storeAway);
    all.put("the job server down", Incidents::jobServerDown);
    all.put("the job server busy", Incidents::jobServerBusy);
    all.put("the job server failing", Incidents::jobServerFails);
    all.put("callbacks with wrong tokens", Incidents::rejectedCallbacks);
    all.put("requests held near the limit", Incidents::heldNearLimit);
    all.put("results that are not wanted", Incidents::undelivered);
    all.put("a node that is gone", Incidents::nodeMissing);
    all.put("the process gone", Incidents::down);
    all.put("the store slow", Incidents::storeSlow);
    all.put("jobs that wait for their turn", Incidents::addedLatency);
    all.put("a certificate near its end", this::certificate);
    return all;
  }

  private static void jobServerDown(Incident in) throws Exception {
    in.start(
        "job-server.attempts",
        "1",
        "job-server.breaker-window",
        "40",
        "job-server.breaker-wait",
        "5s");
    in.quiet("before");
    in.stopJobServer();
    List<Scrape> scrapes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      in.run(10);
      scrapes.add(in.scrape());
    }
    scrapes.add(openCircuit(in));
    in.fault("down", 20, Set.of(BREAKER_OPEN, ERRORS, GIVEN_UP), scrapes);
    in.jobServerIs(Incident.works());
    in.runUntilItWorks();
    in.quiet("after");
  }

  private static Scrape openCircuit(Incident in) throws Exception {
    in.proxy().proxy(in.job()).join(); // where it is open, but asks for a probe
    return in.scrapeOnce(of -> of.value("asyncproxy_circuit_state").orElse(0) == 2);
  }

  private static void jobServerBusy(Incident in) throws Exception {
    in.start();
    in.quiet("before");
    in.jobServerIs(Incident.fails(0, 0, Optional.of(2.0)));
    List<Scrape> scrapes = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      in.runAll(10, 202, ASYNC);
      int busy = i;
      scrapes.add(in.scrapeOnce(of -> busy(of) >= busy && paced(of)));
    }
    in.fault("busy", 20, Set.of(PACE_CUT), scrapes);
    in.jobServerIs(Incident.works());
    in.quiet("after", () -> in.runAll(10, 202, ASYNC));
  }

  private static double busy(Scrape of) {
    return of.sum("asyncproxy_job_server_requests_total", "busy");
  }

  private static boolean paced(Scrape of) {
    return Double.isFinite(of.value("asyncproxy_pace_limit").orElseThrow());
  }

  private static void lostCallbacks(Incident in) throws Exception {
    in.start("job.timeout", "15s");
    in.quiet(
        "before",
        () -> {
          for (int i = 0; i < 20; i++) { // so that a few slow ones are not the usual
            in.runAll(10, 200);
          }
        });
    in.jobServerIs(Incident.fails(0, 1, Optional.empty()));
    double before = in.scrape().sum("asyncproxy_jobs_overdue_total", "");
    in.runAll(12, 202, ASYNC);
    Scrape overdue =
        in.scrapeOnce(of -> of.sum("asyncproxy_jobs_overdue_total", "") >= before + 12);
    in.fault("late", 20, Set.of(OVERDUE), List.of(overdue));
    Scrape expired = in.scrapeOnce(of -> of.sum("asyncproxy_jobs_total", "expired") == 12);
    in.fault("never", 20, Set.of(OVERDUE, GIVEN_UP), List.of(expired));
    in.jobServerIs(Incident.works());
    in.quiet("after");
  }

  private static void rejectedCallbacks(Incident in) throws Exception {
    RunningProxy proxy = in.start();
    in.quiet("before");
    in.fault(
        "forged",
        Set.of(REJECTED),
        () -> {
          for (int i = 0; i < 3; i++) {
            String forged = proxy.uri("/proxy/callback/" + "A".repeat(64)).toString();
            assertThat(proxy.callBack(forged, RESULT).statusCode()).isEqualTo(401);
          }
        });
    in.quiet("after");
  }

  private static void orphans(Incident in) throws Exception {
    RunningProxy proxy = in.start("callback.auth", "none", "job-server.timeout", "100ms");
    in.quiet("before", () -> {});
    for (int i = 0; i < 12; i++) {
      String body = "{\"id\":\"nobody" + i + "\",\"state\":\"completed\"}";
      assertThat(Callbacks.status(Callbacks.send(proxy, Callbacks.plain(proxy, body))))
          .isEqualTo("unknown");
    }
    Scrape orphaned = in.scrapeOnce(of -> of.sum("asyncproxy_callbacks_orphaned_total", "") == 12);
    in.fault("nobody's", 20, Set.of(ORPHANED), List.of(orphaned));
    in.quiet("after", () -> {});
  }

  private static void heldNearLimit(Incident in) throws Exception {
    ScriptedJobServer silent = in.with(new ScriptedJobServer());
    RunningProxy proxy = in.start("job-server.url", silent.url(), "held.max", "10");
    in.quiet("before", () -> {});
    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      silent.onStart(start -> start.accept(start.body().getString("account")));
      answers.add(proxy.proxy(in.job()));
    }
    Scrape full = in.scrapeOnce(of -> of.value("asyncproxy_held_requests").orElse(0) == 9);
    in.fault("full", 20, Set.of(HELD), List.of(full));
    for (CompletableFuture<HttpResponse<byte[]>> _ : answers) {
      String callback = silent.nextStart().callback();
      assertThat(proxy.callBack(callback, RESULT).statusCode()).isEqualTo(200);
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(40, TimeUnit.SECONDS);
    in.quiet("after", () -> {});
  }

  private static void storeAway(Incident in) throws Exception {
    RedisServer redis = in.with(RedisServer.notSynced());
    in.start("store.url", redis.url());
    in.quiet("before");
    redis.kill();
    in.fault("away", Set.of(STORE_AWAY, ERRORS), () -> in.runAll(2, 503));
    redis.restart();
    in.runUntilItWorks();
    in.quiet("after");
  }

  private static void jobServerFails(Incident in) throws Exception {
    in.start("job-server.breaker-ratio", "100%"); // it is another incident that opens it
    in.quiet("before");
    in.jobServerIs(Incident.fails(1, 0, Optional.empty()));
    in.fault("failing", Set.of(ERRORS, GIVEN_UP), () -> in.runAll(4, 502));
    in.jobServerIs(Incident.works());
    in.quiet("after");
  }

  private static void undelivered(Incident in) throws Exception {
    ScriptedJobServer client = in.with(new ScriptedJobServer());
    client.onStart(start -> start.answer(410, ""));
    RunningProxy proxy = in.start("webhook.allow-private", "true");
    in.quiet("before");
    JsonObject job = new JsonObject().put("wait", false).put("callback", client.url());
    proxy.proxy(job.put("account", "a").encode()).get(40, TimeUnit.SECONDS);
    Scrape gone = in.scrapeOnce(of -> of.sum("asyncproxy_deliveries_total", "gone") == 1);
    in.fault("not wanted", 20, Set.of(UNDELIVERED), List.of(gone));
    in.quiet("after");
  }

  private static void nodeMissing(Incident in) throws Exception {
    RedisServer redis = in.with(RedisServer.notSynced());
    in.start("store.url", redis.url());
    RunningProxy other = in.node("store.url", redis.url());
    nodes(in, 2);
    in.quiet("before");
    in.stop(other);
    in.fault("alone", 20, Set.of(NODE_MISSING), List.of(nodes(in, 1)));
    in.node("store.url", redis.url());
    nodes(in, 2);
    in.quiet("after");
  }

  private static Scrape nodes(Incident in, int count) throws Exception {
    return in.scrapeOnce(of -> of.value("asyncproxy_nodes").orElse(0) == count);
  }

  private static void down(Incident in) throws Exception {
    RunningProxy proxy = in.start();
    in.quiet("before");
    in.stop(proxy);
    in.fault("gone", Set.of(DOWN), () -> {});
    in.start();
    in.quiet("after");
  }

  private static void storeSlow(Incident in) throws Exception {
    RedisServer redis = in.with(RedisServer.notSynced());
    in.start("store.url", redis.url());
    in.quiet("before");
    in.fault(
        "slow",
        Set.of(STORE_SLOW),
        () -> {
          redis.pauseFor(Duration.ofSeconds(1));
          CompletableFuture<HttpResponse<byte[]>> answer = in.proxy().proxy(in.job());
          assertThat(answer.get(40, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        });
    in.quiet("after");
  }

  private static void addedLatency(Incident in) throws Exception {
    in.start();
    in.quiet("before");
    in.jobServerIs(Incident.answersAfter(Duration.ofMillis(500)));
    in.fault(
        "one by one",
        Set.of(LATENCY),
        () -> {
          String job = in.job();
          CompletableFuture<HttpResponse<byte[]>> first = in.proxy().proxy(job);
          CompletableFuture<HttpResponse<byte[]>> second = in.proxy().proxy(job);
          assertThat(first.get(40, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
          assertThat(second.get(40, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        });
    in.jobServerIs(Incident.works());
    in.quiet("after");
  }

  private void certificate(Incident in) throws Exception {
    TestAuthority authority = new TestAuthority(folder, "authority");
    Issued used = authority.issueFor(60, "used", "DNS:localhost");
    in.start("tls.certificate", used.certificate().toString(), "tls.key", used.key().toString());
    in.quiet("before", () -> {});
    authority.issueFor(10, "old", "DNS:localhost").replace(used);
    in.fault("old", 90, Set.of(CERTIFICATE), List.of(in.scrapeOnce(of -> days(of) < 14)));
    authority.issueFor(90, "new", "DNS:localhost").replace(used);
    in.scrapeOnce(of -> days(of) > 80);
    in.quiet("after", () -> {});
  }

  private static double days(Scrape of) {
    double end = of.value("asyncproxy_certificate_expires_timestamp_seconds").orElseThrow();
    return (end - of.at().getEpochSecond()) / 86_400;
  }
}
