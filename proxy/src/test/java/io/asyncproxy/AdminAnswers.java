package io.asyncproxy;

import static io.asyncproxy.PublicAnswers.ASYNC;
import static io.asyncproxy.PublicAnswers.JOB;
import static io.asyncproxy.PublicAnswers.RESULT;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.OpenApiDocument.Side;
import io.asyncproxy.Witness.Listener;
import io.asyncproxy.testbed.RedisServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings about the answers of the admin listener, and those of both without their store. */
final class AdminAnswers {
  /** How the console's page names its files. */
  private static final Pattern CONSOLE_FILE =
      Pattern.compile("(?:src|href)=\"/?console/([\\w.-]+)\"");

  private static final String NONE = "01a20a5a-f2a8-73c5-a957-1a76f61fe134";

  private final Witness witness;
  private final ScriptedJobServer jobServer;

  AdminAnswers(Witness witness, ScriptedJobServer jobServer) {
    this.witness = witness;
    this.jobServer = jobServer;
  }

  /** The newest of the jobs that {@code query} asks for. */
  static String newest(RunningProxy proxy, String query) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + "/admin/jobs?" + query);
    JsonObject list =
        RunningProxy.json(proxy.send(HttpRequest.newBuilder(uri)).get(20, TimeUnit.SECONDS));
    return list.getJsonArray("items").getJsonObject(0).getString("id");
  }

  void all() throws Exception {
    jobs();
    strays();
    withoutToken();
    withoutStore();
  }

  private void jobs() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(jobServer)) {
      Listener at = witness.atAdmin(proxy);
      jobServer.onStart(start -> start.answer(418, "teapot"));
      String refused = witness.at(proxy).post("/proxy", JOB).header("job-id");
      String other = witness.at(proxy).post("/proxy", JOB).header("job-id");
      jobServer.onStart(start -> start.accept("1"));
      at.get("/admin/dead-letters?limit=1");
      at.get("/admin/dead-letters?reason=nonsense");
      at.get("/admin/dead-letters/" + refused);
      at.post("/admin/dead-letters/" + refused + "/replay", "");
      at.post("/admin/dead-letters/replay?reason=refused", "");
      at.post("/admin/dead-letters/replay?reason=nonsense", "");
      at.post("/admin/dead-letters/replay", "", "Sec-Fetch-Site", "cross-site");
      at.delete("/admin/dead-letters/" + other);
      at.get("/admin/dead-letters/" + other);
      at.delete("/admin/dead-letters/" + other);
      at.post("/admin/dead-letters/" + other + "/replay", "");

      witness.at(proxy).post("/proxy", JOB, "Idempotency-Key", "k", ASYNC[0], ASYNC[1]);
      var held = witness.at(proxy).begin("POST", "/proxy", "{\"account\":\"held\"}");
      Eventually.that(() -> assertThat(newest(proxy, "account=held")).isNotEmpty());
      at.get("/admin/jobs/" + newest(proxy, "account=a"));
      String running = "/admin/jobs/" + newest(proxy, "account=held");
      at.get(running);
      at.delete(running);
      at.delete(running);
      held.get(20, TimeUnit.SECONDS);
      at.get("/admin/jobs?limit=2");
      at.get("/admin/jobs?limit=0");
      at.get("/admin/jobs/" + NONE);
      at.delete("/admin/jobs/" + NONE);
      others(at);
      jobServer.forgetStarts();
    }
  }

  private void others(Listener at) throws Exception {
    at.get("/admin/nodes");
    at.get("/admin/config");
    at.get("/metrics");
    at.get("/metrics", "Accept", "application/openmetrics-text");
    String tag = at.get("/openapi.json").header("etag");
    at.get("/openapi.json", "If-None-Match", tag);
    at.get("/nowhere");
    liveAndConsole(at);
    witness
        .specification()
        .operations(Side.ADMIN)
        .forEach(
            (path, methods) -> {
              String any = path.replaceAll("\\{\\w+}", NONE);
              askAnyway(at, "PUT", any);
              askAnyway(at, "OPTIONS", any);
            });
  }

  private static void liveAndConsole(Listener at) throws Exception {
    at.get("/admin/live?points=2");
    at.get("/admin/live?points=0");
    at.get("/console", "If-None-Match", at.get("/console").header("etag"));
    Matcher file = CONSOLE_FILE.matcher(at.get("/console").text());
    while (file.find()) {
      String path = "/console/" + file.group(1);
      at.get(path, "If-None-Match", at.get(path).header("etag"));
    }
    at.get("/console/none");
  }

  private static void askAnyway(Listener at, String method, String path) {
    try {
      at.ask(method, path, "");
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  /** Dead letters that are no jobs. */
  private void strays() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.before(
            jobServer, "callback.auth", "signature", "callback.secret", Callbacks.KEY)) {
      Callbacks.send(proxy, Callbacks.plain(proxy, RESULT));
      look(proxy, "rejected", 409);
    }
    try (ScriptedApi client = new ScriptedApi();
        RunningProxy proxy =
            RunningProxy.before(
                jobServer, "webhook.allow-private", "true", "webhook.secret", Callbacks.KEY)) {
      client.on(_ -> ScriptedApi.Answer.empty(410));
      JsonObject body =
          new JsonObject().put("account", "a").put("wait", false).put("callback", client.url());
      witness.at(proxy).post("/proxy", body.encode());
      String callback = jobServer.nextStart().callback();
      proxy.callBack(callback, RESULT);
      ScriptedApi.Asked message = client.next();
      assertThat(
              witness
                  .specification()
                  .mistakesOfRequest("result", message.headers(), message.text()))
          .isEmpty();
      look(proxy, "undelivered", 201);

      witness.at(proxy).post("/proxy", JOB, ASYNC);
      String second = jobServer.nextStart().callback();
      proxy.callBack(second, RESULT);
      proxy.callBack(second, RESULT.replace("\"x\"", "\"y\""));
      look(proxy, "conflict", 409);
    }
  }

  private void look(RunningProxy proxy, String reason, int replayed) throws Exception {
    Listener at = witness.atAdmin(proxy);
    String list = "/admin/dead-letters?reason=" + reason;
    Eventually.that(() -> assertThat(letters(at, list)).hasSize(1));
    at.get("/admin/dead-letters");
    String letter = "/admin/dead-letters/" + letters(at, list).getJsonObject(0).getString("id");
    at.get(letter);
    assertThat(at.post(letter + "/replay", "").status()).isEqualTo(replayed);
    at.delete(letter);
  }

  private static JsonArray letters(Listener at, String list) throws Exception {
    return new JsonObject(at.get(list).text()).getJsonArray("items");
  }

  private void withoutToken() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(jobServer, "admin.token", "s3cret")) {
      Listener at = witness.atAdmin(proxy);
      witness
          .specification()
          .operations(Side.ADMIN)
          .forEach(
              (path, methods) -> {
                methods.forEach(method -> askAnyway(at, method, path.replaceAll("\\{\\w+}", NONE)));
              });
      assertThat(at.get("/nowhere").status()).isEqualTo(401);
      assertThat(at.get("/openapi.json", "Authorization", "Bearer s3cret").status()).isEqualTo(200);
    }
  }

  private void withoutStore() throws Exception {
    try (RedisServer redis = RedisServer.notSynced();
        RunningProxy proxy = RunningProxy.before(jobServer, "store.url", redis.url());
        RunningProxy byId =
            RunningProxy.before(jobServer, "store.url", redis.url(), "callback.auth", "none")) {
      Listener at = witness.at(proxy);
      String job = at.post("/proxy", JOB, ASYNC).header("location");
      String callback = URI.create(jobServer.nextStart().callback()).getPath();
      redis.kill();
      List<CompletableFuture<?>> answers = new ArrayList<>();
      answers.add(at.begin("POST", "/proxy", JOB));
      answers.add(at.begin("GET", job, ""));
      answers.add(at.begin("GET", job + "/result", ""));
      answers.add(at.begin("DELETE", job, ""));
      answers.add(at.begin("POST", callback, RESULT));
      answers.add(at.begin("GET", "/readyz", ""));
      answers.add(witness.at(byId).begin("POST", "/proxy/callback", RESULT));
      Listener admin = witness.atAdmin(proxy);
      for (String path :
          List.of("jobs", "jobs/" + NONE, "dead-letters", "dead-letters/" + NONE, "nodes")) {
        answers.add(admin.begin("GET", "/admin/" + path, ""));
      }
      answers.add(admin.begin("DELETE", "/admin/jobs/" + NONE, ""));
      answers.add(admin.begin("DELETE", "/admin/dead-letters/" + NONE, ""));
      answers.add(admin.begin("POST", "/admin/dead-letters/" + NONE + "/replay", ""));
      answers.add(admin.begin("POST", "/admin/dead-letters/replay", ""));
      answers.add(admin.begin("GET", "/metrics", ""));
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
      redis.restart();
    }
  }
}
