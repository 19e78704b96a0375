package io.asyncproxy;

import static io.asyncproxy.PublicAnswers.ASYNC;
import static io.asyncproxy.PublicAnswers.JOB;
import static io.asyncproxy.PublicAnswers.RESULT;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.OpenApiDocument.Answer;
import io.asyncproxy.ScriptedApi.Asked;
import io.asyncproxy.Witness.Listener;
import io.asyncproxy.route.Routes;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Brings about the answers to callbacks, and those about routes. */
final class CallbackAnswers {
  private static final String OTHER = RESULT.replace("\"x\"", "\"y\"");
  private static final String PROGRESS = "{\"id\":\"1\",\"state\":\"running\"}";

  /** A route whose result is no JSON. */
  private static final String ROUTE =
      """
      routes:
        print:
          path: /print/{account}
          account: path:account
          start:
            method: POST
            url: ${API}/print
            set:
              header:X-Callback: "{callback}"
          callback:
            result: body
      """;

  private final Witness witness;
  private final ScriptedJobServer jobServer;

  CallbackAnswers(Witness witness, ScriptedJobServer jobServer) {
    this.witness = witness;
    this.jobServer = jobServer;
  }

  void all(Path folder) throws Exception {
    byToken();
    byId();
    slowById();
    ofRoutes(folder);
  }

  private void byToken() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(jobServer, "body.max", "1KiB")) {
      Listener at = witness.at(proxy);
      at.post("/proxy", JOB, ASYNC);
      String url = URI.create(jobServer.nextStart().callback()).getPath();
      at.post(url, "{}");
      at.post(url, "{\"id\":\"" + "x".repeat(1024) + "\"}");
      at.post(url, RESULT, "Content-Encoding", "gzip");
      assertThat(at.post(url, PROGRESS).text()).contains("progress");
      assertThat(at.post(url, RESULT).text()).contains("stored");
      assertThat(at.post(url, RESULT).text()).contains("duplicate");
      assertThat(at.post(url, OTHER).text()).contains("conflict");
      at.post("/proxy/callback/forged", RESULT);
      at.post("/proxy/callback", RESULT);

      jobServer.onStart(start -> start.answer(500, ""));
      String letter = at.post("/proxy", JOB).header("job-id");
      String gone = URI.create(jobServer.nextStart().callback()).getPath();
      witness.atAdmin(proxy).delete("/admin/dead-letters/" + letter);
      assertThat(at.post(gone, RESULT).status()).isEqualTo(410);
      jobServer.onStart(start -> start.accept("1"));
    }
  }

  private void byId() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.before(jobServer, "callback.auth", "none", "body.max", "1KiB")) {
      Listener at = witness.at(proxy);
      String url = "/proxy/callback";
      at.post("/proxy", JOB, ASYNC);
      jobServer.nextStart();
      Callbacks.awaitStarted(proxy);
      at.post(url, "{}");
      at.post(url, "{\"id\":\"" + "x".repeat(1024) + "\"}");
      at.post(url, RESULT, "Content-Encoding", "gzip");
      assertThat(at.post(url, PROGRESS).text()).contains("progress");
      assertThat(at.post(url, RESULT).text()).contains("stored");
      assertThat(at.post(url, RESULT).text()).contains("duplicate");
      assertThat(at.post(url, OTHER).text()).contains("conflict");
      assertThat(at.post(url, RESULT.replace("\"1\"", "\"9\"")).text()).contains("unknown");
    }
  }

  private void slowById() throws Exception {
    Map<String, String> settings =
        Map.of("job-server.url", jobServer.url(), "callback.auth", "none");
    try (RunningProxy proxy =
        new RunningProxy(
            settings, limits -> limits.times(Duration.ofSeconds(2), Duration.ofSeconds(20)))) {
      Answer late = PublicAnswers.slowBody(witness.at(proxy), "/proxy/callback");
      assertThat(late.status()).isEqualTo(408);
    }
  }

  private void ofRoutes(Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("async-proxy.yaml"), ROUTE);
    try (ScriptedApi api = new ScriptedApi();
        RunningProxy proxy = new RunningProxy(Map.of(), Map.of("API", api.url()), file)) {
      Listener at = witness.at(proxy);
      Listener admin = witness.atAdmin(proxy);
      var held = proxy.post("/print/a", JOB);
      Asked start = api.next();
      String url = URI.create(start.header("X-Callback")).getPath();
      at.post(url, "%PDF", "Content-Type", "application/pdf");
      String job = RunningProxy.header(held.get(20, TimeUnit.SECONDS), "Job-Id");
      assertThat(at.get("/proxy/jobs/" + job).text()).contains("result_url");
      assertThat(at.get("/proxy/jobs/" + job + "/result").text()).isEqualTo("%PDF");
      admin.get("/admin/jobs/" + job);

      api.on(_ -> ScriptedApi.Answer.json(400, "{}"));
      var refused = proxy.post("/print/a", JOB).get(20, TimeUnit.SECONDS);
      String letter = RunningProxy.header(refused, "Job-Id");
      proxy.proxy().change(Routes.NONE);
      assertThat(at.post(url, "%PDF").status()).as("no such route here").isEqualTo(503);
      String replay = "/admin/dead-letters/" + letter + "/replay";
      assertThat(admin.post(replay, "").status()).isEqualTo(409);
      assertThat(admin.post("/admin/dead-letters/replay", "").status()).isEqualTo(200);
    }
  }
}
