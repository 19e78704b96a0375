package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedApi.Answer;
import io.asyncproxy.ScriptedApi.Asked;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a route says is what happens. */
class RoutesTest extends RouteFixture {
  private static final String RENDER =
      """
      body.max: 16MiB
      routes:
        render:
          path: /render/{project}/*
          account: header:X-Team
          start:
            method: PUT
            url: ${API}/v2/{path.project}/jobs/{path.rest}?api=2
            headers:
              Authorization: "Bearer ${TOKEN}"
              X-Project: "p-{path.project}"
            callback: body:/hooks/0/url
            set:
              body:/options/quality: 90
              body:/events: [done, failed]
              query:team: "{account}"
            pass-headers: [X-Trace]
            pass-query: [dpi]
          answer:
            accepted: [202]
            id: body:/job/key
          callback:
            id: body:/key
            state: body:/status
            completed: [done]
            failed: [failed]
            progress: [running]
            result: body:/output
          reply:
            failed-status: 422
            pass-headers: [X-Pages]
      """;

  private Asked started(String body, String... headers) throws Exception {
    post("/render/blue%20print/a/b?dpi=300&secret=1", body, headers);
    return api.next();
  }

  private void startRender() throws Exception {
    variable("TOKEN", "t0p");
    start(RENDER);
    api.on(_ -> Answer.json(202, "{\"job\":{\"key\":77}}"));
  }

  @Test
  void startIsMadeAsTheRouteSays() throws Exception {
    startRender();
    Asked start =
        started(
            "{ \"n\":1.10, \"hooks\":[{}] }", "X-Team", "blue & co", "X-Trace", "abc", "X-No", "x");
    assertThat(start.method()).isEqualTo("PUT");
    assertThat(start.uri()).isEqualTo("/v2/blue%20print/jobs/a/b?api=2&dpi=300&team=blue+%26+co");
    assertThat(start.header("Authorization")).isEqualTo("Bearer t0p");
    assertThat(start.header("X-Project")).isEqualTo("p-blue print");
    assertThat(start.header("X-Trace")).isEqualTo("abc");
    assertThat(start.headers()).doesNotContainKey("x-no").doesNotContainKey("x-team");
    assertThat(start.text())
        .startsWith("{ \"n\":1.10, \"hooks\":[{\"url\":\"http://localhost:")
        .contains(",\"options\":{\"quality\":90}")
        .contains(",\"events\":[\"done\",\"failed\"]");
  }

  @Test
  void partOfTheCallbackIsTheResult() throws Exception {
    startRender();
    var held = post("/render/a/b", "{\"hooks\":[{}]}", "X-Team", "t");
    String callback = api.next().json().getJsonArray("hooks").getJsonObject(0).getString("url");
    String body = "{\"key\":77,\"status\":\"done\",\"output\":{ \"big\": 12345678901234567890.0 }}";
    HttpResponse<byte[]> taken = callBack(callback, body, "X-Pages", "3", "X-Other", "4");
    assertThat(json(taken).getString("status")).isEqualTo("stored");
    HttpResponse<byte[]> answer = get(held);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).asString().isEqualTo("{ \"big\": 12345678901234567890.0 }");
    assertThat(header(answer, "X-Pages")).isEqualTo("3");
    assertThat(header(answer, "X-Other")).isEmpty();
    assertThat(
            json(proxy.get("/proxy/jobs/" + header(answer, "Job-Id"))).getString("job_server_id"))
        .isEqualTo("77");
    assertThat(json(callBack(callback, body)).getString("status")).isEqualTo("duplicate");
    assertThat(callBack(callback, body.replace("big", "BIG")).statusCode()).isEqualTo(409);
  }

  @Test
  void failedJobsHaveTheirOwnStatusAndTheWholeMessage() throws Exception {
    startRender();
    var held = post("/render/a/b", "{\"hooks\":[{}]}", "X-Team", "t");
    String callback = api.next().json().getJsonArray("hooks").getJsonObject(0).getString("url");
    String body = "{\"key\":77,\"status\":\"failed\",\"why\":\"no ink\"}";
    callBack(callback, body);
    assertThat(get(held).statusCode()).isEqualTo(422);
    assertThat(get(held).body()).asString().isEqualTo(body);
  }

  @Test
  void progressIsToldAndEndsNothing() throws Exception {
    startRender();
    var held = post("/render/a/b", "{\"hooks\":[{}]}", "X-Team", "t", "Prefer", "respond-async");
    String job = header(get(held), "Job-Id");
    String callback = api.next().json().getJsonArray("hooks").getJsonObject(0).getString("url");
    Iterator<String> lines = proxy.events(job).body().iterator();
    String progress = "{\"key\":77,\"status\":\"running\",\"percent\":40}";
    assertThat(json(callBack(callback, progress)).getString("status")).isEqualTo("progress");
    assertThat(
            json(proxy.get("/proxy/jobs/" + job)).getJsonObject("progress").getInteger("percent"))
        .isEqualTo(40);
    while (!lines.next().equals("event: progress")) {
      assertThat(lines.hasNext()).isTrue();
    }
    assertThat(lines.next()).startsWith("data: {\"id\":\"" + job).contains("\"percent\":40");
    assertThat(
            json(callBack(callback, progress.replace("running", "some new state")))
                .getString("status"))
        .isEqualTo("progress");
    callBack(callback, "{\"key\":77,\"status\":\"done\",\"output\":7}");
    StringBuilder rest = new StringBuilder();
    lines.forEachRemaining(line -> rest.append(line).append('\n'));
    assertThat(rest).asString().contains("event: state").endsWith("\"result\":7}\n\n");
  }

  @Test
  void badInputIsToldBeforeAJobIsMade() throws Exception {
    startRender();
    assertThat(get(post("/render/a/b", "{\"hooks\":[{}]}")).statusCode()).isEqualTo(400);
    assertThat(json(get(post("/render/a/b", "[", "X-Team", "t"))).getString("error"))
        .isEqualTo("Invalid JSON");
    assertThat(json(get(post("/render/a/b", "[]", "X-Team", "t"))).getString("error"))
        .contains("must be an object");
    assertThat(
            get(post("/render/a/b", "a=b", "X-Team", "t", "Content-Type", "text/plain"))
                .statusCode())
        .isEqualTo(415);
    assertThat(get(post("/render/a", "{}", "X-Team", "t")).statusCode()).isEqualTo(404);
    assertThat(get(post("/render/a/../b", "{}", "X-Team", "t")).statusCode()).isEqualTo(404);
    assertThat(get(post("/render/a/%2e%2e/b", "{}", "X-Team", "t")).statusCode()).isEqualTo(404);
    assertThat(proxy.get("/render/a/b").statusCode()).isEqualTo(405);
    assertThat(api.waiting()).isZero();
  }

  @Test
  void tokensOfOneRouteAreWorthNothingForAnother() throws Exception {
    variable("TOKEN", "t0p");
    start(RENDER + RENDER.substring(RENDER.indexOf("  render:")).replace("render", "other"));
    post("/render/a/b", "{\"hooks\":[{}]}", "X-Team", "t");
    String callback = api.next().json().getJsonArray("hooks").getJsonObject(0).getString("url");
    String done = "{\"key\":77,\"status\":\"done\",\"output\":7}";
    assertThat(callBack(callback.replace(".render", ".other"), done).statusCode()).isEqualTo(401);
    assertThat(callBack(callback.replace(".render", ""), done).statusCode()).isEqualTo(401);
    assertThat(callBack(callback.replaceFirst("/[^/]*$", "/render"), done).statusCode())
        .isEqualTo(401);
    assertThat(callBack(callback, done).statusCode()).isEqualTo(200);
  }

  @Test
  void answerMayBeTheResult() throws Exception {
    start(
        """
        routes:
          quick:
            start:
              url: ${API}/now
              callback: header:X-Callback-Url
              content-types: ["*/*"]
            answer:
              accepted: [202]
              result: [200]
              id: header:X-Call-Id
        """);
    byte[] image = {-119, 'P', 'N', 'G', 0, -1};
    api.on(_ -> new Answer(200, Map.of("Content-Type", "image/png"), image));
    HttpResponse<byte[]> answer = get(post("/quick", "<svg/>", "Content-Type", "image/svg+xml"));
    Asked start = api.next();
    assertThat(start.header("Content-Type")).isEqualTo("image/svg+xml");
    assertThat(start.header("X-Callback-Url")).contains("/proxy/callback/").endsWith(".quick");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).isEqualTo("image/png");
    assertThat(answer.body()).isEqualTo(image);
    String job = header(answer, "Job-Id");
    assertThat(json(proxy.get("/proxy/jobs/" + job)).getString("result_url"))
        .isEqualTo("/proxy/jobs/" + job + "/result");
    assertThat(proxy.get("/proxy/jobs/" + job + "/result").body()).isEqualTo(image);
  }

  @Test
  void largeBinaryBodiesGoBothWaysByteForByte() throws Exception {
    setting("store.url", "file:" + folder.resolve("data"));
    start(
        """
        body.max: 16MiB
        routes:
          scan:
            start:
              url: ${API}/scan
              callback: query:hook
              content-types: ["application/octet-stream"]
            answer:
              id: header:X-Call-Id
        """);
    api.on(_ -> Answer.empty(202, "X-Call-Id", "c1"));
    byte[] sent = new byte[10_000_000];
    byte[] result = new byte[10_000_000];
    new Random(1).nextBytes(sent);
    new Random(2).nextBytes(result);
    var held = post("/scan", sent, "Content-Type", "application/octet-stream", "Prefer", "wait=60");
    Asked start = api.next();
    assertThat(start.body()).isEqualTo(sent);
    String hook = java.net.URLDecoder.decode(start.uri().replaceFirst(".*hook=", ""), UTF_8);
    assertThat(callBack(hook, result, "Content-Type", "image/tiff").statusCode()).isEqualTo(200);
    assertThat(get(held).body()).isEqualTo(result);
    assertThat(header(get(held), "Content-Type")).isEqualTo("image/tiff");
  }

  @Test
  void sameKeyIsTheSameJobAndAnotherPathIsNot() throws Exception {
    startRender();
    String[] headers = {"X-Team", "t", "Idempotency-Key", "k1"};
    var first = post("/render/a/b", "{\"hooks\":[{}]}", headers);
    String callback = api.next().json().getJsonArray("hooks").getJsonObject(0).getString("url");
    callBack(callback, "{\"key\":77,\"status\":\"failed\"}");
    assertThat(get(first).statusCode()).isEqualTo(422);
    HttpResponse<byte[]> again = get(post("/render/a/b", "{\"hooks\":[{}]}", headers));
    assertThat(again.statusCode()).isEqualTo(422);
    assertThat(header(again, "Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.body()).isEqualTo(get(first).body());
    assertThat(json(get(post("/render/a/c", "{\"hooks\":[{}]}", headers))).getString("error"))
        .contains("another body");
    assertThat(api.waiting()).isZero();
  }

  @Test
  void refusalsAreToldLikeThoseOfTheJobServer() throws Exception {
    startRender();
    api.on(_ -> Answer.json(400, "{\"message\":\"no such printer\"}"));
    HttpResponse<byte[]> refused = get(post("/render/a/b", "{\"hooks\":[{}]}", "X-Team", "t"));
    assertThat(refused.statusCode()).isEqualTo(502);
    assertThat(json(refused).getInteger("upstream_status")).isEqualTo(400);
    api.on(_ -> Answer.json(200, "{}"));
    HttpResponse<byte[]> nonsense = get(post("/render/a/b", "{\"hooks\":[{}]}", "X-Team", "t"));
    assertThat(nonsense.statusCode()).isEqualTo(502);
    assertThat(json(nonsense).getString("reason")).isEqualTo("invalid");
  }

  private static String quick(String path, String url) {
    return """
        routes:
          quick: {start: {url: "${API}/%s", callback: "body:/hook"}, path: /%s}
        """
        .formatted(url, path);
  }

  @Test
  void changedRoutesDropNoHeldRequest() throws Exception {
    start(quick("quick", "old"));
    var held = post("/quick", "{}");
    String hook = api.next().json().getString("hook");
    change(quick("fast", "new"));
    assertThat(get(post("/quick", "{}")).statusCode()).isEqualTo(404);
    var second = post("/fast", "{}");
    Asked started = api.next();
    assertThat(started.uri()).isEqualTo("/new");
    callBack(hook, "{\"a\":1}");
    callBack(started.json().getString("hook"), "{\"b\":2}");
    assertThat(get(held).body()).asString().isEqualTo("{\"a\":1}");
    assertThat(get(second).body()).asString().isEqualTo("{\"b\":2}");
  }

  /** It waits at the old route's only connection, and is started as the new one says. */
  @Test
  void whatWaitsForItsStartIsStartedByTheChangedRoute() throws Exception {
    setting("hold.timeout", "60s");
    String limits = quick("quick", "old") + "    limits: {connections: 1}\n";
    start(
        limits.replace("{start", "\n    start").replace("}, path: /quick}", "}\n    path: /quick"));
    CountDownLatch answered = new CountDownLatch(1);
    api.on(
        _ -> {
          try {
            assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
          }
          return Answer.json(202, "{}");
        });
    post("/quick", "{\"n\":1}");
    assertThat(api.next().uri()).isEqualTo("/old");
    var waiting = post("/quick", "{\"n\":2}", "Prefer", "respond-async");
    assertThat(get(waiting).statusCode()).isEqualTo(202);
    assertThat(api.waiting()).isZero();
    change(quick("quick", "new"));
    Asked second = api.next();
    assertThat(second.uri()).isEqualTo("/new");
    assertThat(second.text()).contains("\"n\":2");
    answered.countDown();
  }

  /** Its job is kept, its callback answered so that it comes again, until the route is back. */
  @Test
  void jobsOfARouteThatIsGoneAreKept() throws Exception {
    setting("job.timeout", "1s");
    setting("hold.timeout", "60s");
    setting("job-server.url", api.url());
    String limits = "path: /quick, limits: {job-timeout: 10m}}";
    start(quick("quick", "old").replace("path: /quick}", limits));
    var held = post("/quick", "{}");
    String hook = api.next().json().getString("hook");
    change("routes:\n");
    assertThat(callBack(hook, "{}").statusCode()).isEqualTo(503);
    HttpResponse<byte[]> other =
        get(post("/proxy", "{\"account\":\"a\"}", "Prefer", "respond-async"));
    Eventually.that(
        () ->
            assertThat(json(proxy.get("/proxy/jobs/" + header(other, "Job-Id"))).getString("state"))
                .isEqualTo("expired"));
    change(quick("quick", "new").replace("path: /quick}", limits));
    assertThat(callBack(hook, "{}").statusCode()).isEqualTo(200);
    assertThat(get(held).statusCode()).isEqualTo(200);
  }

  @Test
  void deadLetterOfARouteThatIsGoneKeepsNoOtherFromBeingReplayed() throws Exception {
    setting("job-server.url", api.url());
    start(quick("quick", "old"));
    api.on(_ -> Answer.json(400, "{}"));
    get(post("/proxy", "{\"account\":\"a\"}"));
    String gone = header(get(post("/quick", "{}")), "Job-Id");
    get(post("/proxy", "{\"account\":\"b\"}"));
    change("routes:\n");
    HttpResponse<byte[]> answer = proxy.admin("POST", "/admin/dead-letters/replay");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).getInteger("replayed")).isEqualTo(2);
    assertThat(json(answer).getInteger("failed")).isEqualTo(1);
    assertThat(json(answer).getJsonArray("failures").getJsonObject(0).getString("id"))
        .isEqualTo(gone);
  }

  @Test
  void whatIsAllInThePathNeedsNoBody() throws Exception {
    start(
        """
        routes:
          factors:
            path: /factors/{n}
            start:
              url: ${API}/jobs
              callback: body:/hook
              set: {"body:/n": "{path.n}"}
        """);
    post("/factors/a%20b", "");
    assertThat(api.next().text()).startsWith("{\"n\":\"a b\",\"hook\":\"http://");
  }

  /** It would hang the attempt, and count against the API's breaker. */
  @Test
  void whatCantBeAHeaderFieldIsRefusedBeforeAJobIsMade() throws Exception {
    variable("TOKEN", "t0p");
    start(RENDER.replace("account: header:X-Team", "account: body:/team"));
    for (String project : List.of("a%01", "a%0D%0AX-Admin:%201", "%E4%BD%A0")) {
      assertThat(get(post("/render/" + project + "/b", "{\"team\":\"t\"}")).statusCode())
          .isEqualTo(400);
    }
    assertThat(get(post("/render/a/b", "{\"team\":\"..\"}")).statusCode()).isEqualTo(400);
    assertThat(api.waiting()).isZero();
    assertThat(proxy.get("/proxy/jobs/result").statusCode()).isEqualTo(404);
  }
}
