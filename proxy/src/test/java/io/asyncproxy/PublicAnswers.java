package io.asyncproxy;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.OpenApiDocument.Answer;
import io.asyncproxy.OpenApiDocument.Side;
import io.asyncproxy.Witness.Listener;
import io.asyncproxy.job.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Brings about the answers of the public listener, but for those to callbacks. */
final class PublicAnswers {
  static final String JOB = "{\"account\":\"a\"}";
  private static final String OTHER_JOB = "{\"account\":\"b\"}";
  static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\",\"proof\":\"x\"}";
  static final String[] ASYNC = {"Prefer", "respond-async, wait=0"};
  private static final String NO_JOB = "/proxy/jobs/01a20a5a-f2a8-73c5-a957-1a76f61fe134";

  private final Witness witness;
  private final ScriptedJobServer jobServer;

  PublicAnswers(Witness witness, ScriptedJobServer jobServer) {
    this.witness = witness;
    this.jobServer = jobServer;
  }

  private static Answer await(CompletableFuture<Answer> answer) throws Exception {
    return answer.get(30, TimeUnit.SECONDS);
  }

  void all(Path folder) throws Exception {
    results();
    problems();
    jobServerTrouble();
    expiry();
    fullAndStopping();
    keysAndRates(folder);
    slowBodies();
  }

  private void results() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(jobServer, "rate.per-account", "1000/h")) {
      Listener at = witness.at(proxy);
      var held = at.begin("POST", "/proxy", JOB, "Idempotency-Key", "k", "Prefer", "wait=20");
      String callback = jobServer.nextStart().callback();
      proxy.callBack(callback, RESULT);
      String job = "/proxy/jobs/" + await(held).header("job-id");
      at.post("/proxy", JOB, "Idempotency-Key", "k");
      at.get(job);
      at.get(job, "Prefer", "wait=5");
      at.get(job, "Accept", "text/event-stream");
      at.get(job + "/result");
      at.ask("HEAD", job, "");
      at.delete(job);
      at.get(NO_JOB);
      at.delete(NO_JOB);
      at.get(NO_JOB + "/result");

      String running = at.post("/proxy", JOB, ASYNC).header("location");
      var start = jobServer.nextStart();
      Map<String, String> sent = new HashMap<>();
      start.request().headers().forEach((name, value) -> sent.put(name.toLowerCase(ROOT), value));
      assertThat(witness.specification().mistakesOfRequest("start", sent, start.rawBody()))
          .isEmpty();
      at.get(running + "/result");
      var followed = at.begin("GET", running, "", "Accept", "text/event-stream");
      proxy.callBack(start.callback(), "{\"id\":\"1\",\"state\":\"running\",\"percent\":1}");
      at.get(running);
      proxy.callBack(start.callback(), RESULT);
      await(followed);

      at.post("/proxy", "{\"account\":\"a\",\"wait\":false}");
      jobServer.nextStart();
      String[] key = {"Idempotency-Key", "c", "Prefer", "wait=20"};
      var cancelled = at.begin("POST", "/proxy", OTHER_JOB, key);
      jobServer.nextStart();
      at.delete(jobOf(proxy, "b"));
      await(cancelled);
      at.post("/proxy", OTHER_JOB, key);
      at.post("/proxy", JOB, "Prefer", "wait=0");
      jobServer.nextStart();

      for (String path : Set.of("/health", "/livez", "/readyz")) {
        at.get(path);
        at.ask("HEAD", path, "");
      }
      String tag = at.get("/openapi.json").header("etag");
      assertThat(at.get("/openapi.json", "If-None-Match", "\"x\", W/" + tag).status())
          .isEqualTo(304);
      at.get("/nowhere");
      for (String path : witness.specification().operations(Side.PUBLIC).keySet()) {
        String any = path.replaceAll("\\{\\w+}", NO_JOB.substring(NO_JOB.lastIndexOf('/') + 1));
        at.ask("PUT", any, "");
        at.ask("OPTIONS", any, "");
      }
    }
  }

  private static String jobOf(RunningProxy proxy, String account) throws Exception {
    return "/proxy/jobs/" + AdminAnswers.newest(proxy, "account=" + account);
  }

  private void problems() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(jobServer, "body.max", "1KiB")) {
      Listener at = witness.at(proxy);
      at.post("/proxy", "{");
      at.post("/proxy", "{\"account\":\"" + "x".repeat(1024) + "\"}");
      at.post("/proxy", JOB, "Content-Type", "text/plain");
      at.post("/proxy", JOB, "Content-Encoding", "gzip");
      at.post("/proxy", JOB, "Idempotency-Key", "k", ASYNC[0], ASYNC[1]);
      jobServer.nextStart();
      at.post("/proxy", JOB + ' ', "Idempotency-Key", "k");
      noHttp(at);
      noHttp(witness.atAdmin(proxy));
    }
  }

  private static void noHttp(Listener at) throws Exception {
    at.raw("GET", "/openapi.json", "GET /openapi.json HTTP/1.1\r\nHost : x\r\n\r\n");
    at.raw(
        "GET",
        "/openapi.json",
        "GET /openapi.json?" + "x".repeat(8_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    at.raw(
        "GET",
        "/openapi.json",
        "GET /openapi.json HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(9_000) + "\r\n\r\n");
  }

  private void jobServerTrouble() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.before(jobServer, "job-server.attempts", "1", "rate.per-account", "1000/h")) {
      Listener at = witness.at(proxy);
      jobServer.onStart(start -> start.answer(418, "teapot"));
      at.post("/proxy", JOB);
      jobServer.onStart(start -> start.answer(500, "oops"));
      at.post("/proxy", JOB, "Idempotency-Key", "k", "Prefer", "wait=20");
      String failed = at.post("/proxy", JOB, "Idempotency-Key", "k").header("job-id");
      at.get("/proxy/jobs/" + failed);
      jobServer.onStart(start -> start.answer(429, ""));
      at.post("/proxy", JOB, "Prefer", "wait=20");
      jobServer.onStart(start -> start.accept("1"));
      jobServer.forgetStarts();
    }
  }

  /** Long enough for the start to be answered before, however slow the machine is. */
  private void expiry() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(jobServer, "job.timeout", "3s")) {
      Listener at = witness.at(proxy);
      assertThat(at.post("/proxy", OTHER_JOB, "Idempotency-Key", "e").text()).contains("reason");
      String expired = at.post("/proxy", OTHER_JOB, "Idempotency-Key", "e").header("job-id");
      at.get("/proxy/jobs/" + expired);
      jobServer.forgetStarts();
    }
  }

  private void fullAndStopping() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(jobServer, "held.max", "1")) {
      Listener at = witness.at(proxy);
      jobServer.onStart(start -> start.answer(400, ""));
      String letter = at.post("/proxy", JOB).header("job-id");
      jobServer.nextStart();
      jobServer.onStart(start -> start.accept("1"));
      var held = at.begin("POST", "/proxy", JOB, "Prefer", "wait=200");
      String callback = jobServer.nextStart().callback();
      at.post("/proxy", JOB);
      at.get(jobOf(proxy, "a"), "Prefer", "wait=5");
      var closed = proxy.proxy().close();
      at.get("/health");
      at.get("/readyz");
      at.post("/proxy", JOB);
      Listener admin = witness.atAdmin(proxy);
      admin.post("/admin/dead-letters/" + letter + "/replay", "");
      admin.post("/admin/dead-letters/replay", "");
      proxy.callBack(callback, RESULT);
      await(held);
      closed.await(30, TimeUnit.SECONDS);
    }
  }

  private void keysAndRates(Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("keys.yaml"),
            "keys:\n  - {name: a, sha256: \"%s\", accounts: [a], rate: 3/h}\n"
                .formatted(Digest.of("secret".getBytes(StandardCharsets.UTF_8)).hex()));
    try (RunningProxy proxy =
        RunningProxy.before(
            jobServer, "api-keys.file", file.toString(), "rate.per-account", "100/h")) {
      Listener at = witness.at(proxy);
      String[] key = {"Authorization", "Bearer secret"};
      at.post("/proxy", JOB);
      at.post("/proxy", JOB, "Authorization", "Bearer wrong");
      at.post("/proxy", "{\"account\":\"b\"}", key);
      for (int i = 0; i < 4; i++) {
        at.post("/proxy", JOB, key[0], key[1], ASYNC[0], ASYNC[1]);
      }
      String job = jobOf(proxy, "a");
      at.get(job);
      at.get(job + "/result");
      at.delete(job);
      at.get("/openapi.json");
      witness.atAdmin(proxy).get(job.replace("/proxy/", "/admin/"));
      jobServer.forgetStarts();
    }
  }

  /** Each body is longer in coming than is allowed; all at once, to save time. */
  private void slowBodies() throws Exception {
    Map<String, String> settings = Map.of("job-server.url", jobServer.url());
    try (RunningProxy proxy =
        new RunningProxy(
            settings, limits -> limits.times(Duration.ofSeconds(2), Duration.ofSeconds(20)))) {
      Listener at = witness.at(proxy);
      at.post("/proxy", JOB, ASYNC);
      String callback = java.net.URI.create(jobServer.nextStart().callback()).getPath();
      CompletableFuture<Answer> other = CompletableFuture.supplyAsync(() -> slowBody(at, callback));
      assertThat(slowBody(at, "/proxy").status()).isEqualTo(408);
      assertThat(await(other).status()).isEqualTo(408);
    }
  }

  static Answer slowBody(Listener at, String path) {
    try {
      return at.raw(
          "POST",
          path,
          "POST "
              + path
              + " HTTP/1.1\r\nHost: x\r\nOrigin: https://page.example\r\nContent-Length: 9\r\n\r\n{");
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
