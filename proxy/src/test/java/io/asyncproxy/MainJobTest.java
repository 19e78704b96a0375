package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedJobServer.Start;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The main job over real HTTP, with every interleaving forced by a job server that obeys the test.
 */
class MainJobTest {
  private static final String JOB = "{\"account\":\"a@b.c\",\"wait\":true}";

  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
    proxy = RunningProxy.before(jobServer);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  private void restartProxy(String... settings) throws Exception {
    proxy.close();
    proxy = RunningProxy.before(jobServer, settings);
  }

  private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> future)
      throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static String result(String id) {
    return "{\"id\":\"" + id + "\",\"state\":\"completed\",\"proof\":\"078D\"}";
  }

  @Test
  void clientIsHeldUntilItsCallbackComesAndGetsItsBody() throws Exception {
    var held = proxy.proxy(JOB);
    Start start = jobServer.nextStart();
    assertThat(start.body().getBoolean("wait")).isFalse();
    assertThat(start.body().getString("account")).isEqualTo("a@b.c");
    assertThat(held).isNotDone();

    assertThat(json(proxy.callBack(start.callback(), result("1"))).getString("status"))
        .isEqualTo("stored");

    HttpResponse<byte[]> answer = await(held);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).asString().isEqualTo(result("1"));
    assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
    assertThat(header(answer, "Job-Id"))
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  }

  @Test
  void otherMembersReachTheJobServerAsTheyAre() throws Exception {
    String body =
        "\uFEFF { \"n\" : 1.000000000000000000000000000000001e400,\n \"wait\" : true , \"account\":"
            + "\"ä\\u00e4\" ,\"x\":[ {\"wait\":1} ] }";
    var held = proxy.proxy(body);
    Start start = jobServer.nextStart();
    assertThat(start.rawBody())
        .startsWith(
            "{ \"n\" : 1.000000000000000000000000000000001e400,\n"
                + "  \"account\":\"ä\\u00e4\" ,\"x\":[ {\"wait\":1} ] ,\"wait\":false,\"callback\":\"");
    proxy.callBack(start.callback(), result("1"));
    assertThat(await(held).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  {\"id\" : \"x\" ,\r\n\t\"b\":1,\"a\":2 }\n ",
        "{\"z\":1,\"id\":\"x\",\"a\":12345678901234567890.12345678901234567890e+99}",
        "{\"id\":\"\\u0000\\ud83d\\ude00\",\"t\":\"\uD83D\uDE00 \u4F60\u597D\"}",
        "{\"id\":\"x\",\"id2\":null,\"e\":{},\"l\":[[],{},\"\"]}"
      })
  void resultReachesTheClientByteForByte(String body) throws Exception {
    var held = proxy.proxy(JOB);
    assertThat(proxy.callBack(jobServer.nextStart().callback(), body).statusCode()).isEqualTo(200);
    assertThat(await(held).body()).isEqualTo(body.getBytes(UTF_8));
  }

  @Test
  void resultOf200KilobytesReachesTheClientByteForByte() throws Exception {
    String body = "{\"id\":\"x\",\"text\":\"" + "0123456789ö".repeat(20_000) + "\"}";
    var held = proxy.proxy(JOB);
    proxy.callBack(jobServer.nextStart().callback(), body);
    assertThat(await(held).body()).isEqualTo(body.getBytes(UTF_8));
  }

  @Test
  void callbackBeforeTheStartResponseIsTheAnswer() throws Exception {
    jobServer.onStart(start -> {});
    var held = proxy.proxy(JOB);
    Start start = jobServer.nextStart();

    HttpResponse<byte[]> receipt = proxy.callBack(start.callback(), result("early"));
    assertThat(json(receipt).getString("status")).isEqualTo("stored");
    HttpResponse<byte[]> answer = await(held);
    assertThat(answer.body()).asString().isEqualTo(result("early"));

    start.accept("late");
    assertThat(state(header(answer, "Job-Id"))).isEqualTo("completed");
  }

  @Test
  void startedJobIsSoonSeenRunningAndOneThatEndsBeforeThatHasItsIdFromTheCallback()
      throws Exception {
    var held = proxy.proxy(JOB);
    Start start = jobServer.nextStart();
    Eventually.that(() -> assertThat(state(onlyJob())).isEqualTo("running"));
    proxy.callBack(start.callback(), result("1"));
    String slow = header(await(held), "Job-Id");
    assertThat(json(proxy.get("/proxy/jobs/" + slow)).getString("job_server_id"))
        .isEqualTo("4499a6e0c2ef4b98");

    jobServer.onStart(unanswered -> {});
    held = proxy.proxy(JOB);
    proxy.callBack(jobServer.nextStart().callback(), result("quick"));
    String quick = header(await(held), "Job-Id");
    assertThat(json(proxy.get("/proxy/jobs/" + quick)).getString("job_server_id"))
        .isEqualTo("quick");
  }

  private String state(String job) throws Exception {
    return json(proxy.get("/proxy/jobs/" + job)).getString("state");
  }

  @Test
  void sameCallbackAgainIsADuplicateAndChangesNothing() throws Exception {
    var held = proxy.proxy(JOB);
    Start start = jobServer.nextStart();
    proxy.callBack(start.callback(), result("1"));
    HttpResponse<byte[]> again = proxy.callBack(start.callback(), result("1"));
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(json(again).getString("status")).isEqualTo("duplicate");
    assertThat(await(held).body()).asString().isEqualTo(result("1"));
  }

  @Test
  void otherResultOfADecidedJobIsAConflictAndTheFirstStays() throws Exception {
    var held = proxy.proxy(JOB);
    Start start = jobServer.nextStart();
    proxy.callBack(start.callback(), result("1"));
    HttpResponse<byte[]> other = proxy.callBack(start.callback(), result("2"));
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(json(other).getString("status")).isEqualTo("conflict");
    HttpResponse<byte[]> answer = await(held);
    assertThat(answer.body()).asString().isEqualTo(result("1"));
    String job = header(answer, "Job-Id");
    assertThat(json(proxy.get("/proxy/jobs/" + job)).getJsonObject("result").getString("id"))
        .isEqualTo("1");
  }

  @Test
  void everyOtherSpellingOfATokenIsRefusedAndChangesNothing() throws Exception {
    var held = proxy.proxy(JOB);
    String url = jobServer.nextStart().callback();
    int from = url.lastIndexOf('/') + 1;
    for (int i = from; i < url.length(); i++) {
      char other = url.charAt(i) == 'A' ? 'B' : 'A';
      String forged = url.substring(0, i) + other + url.substring(i + 1);
      assertThat(proxy.callBack(forged, result("forged")).statusCode()).isEqualTo(401);
    }
    String escaped =
        url.substring(0, from)
            + "%"
            + Integer.toHexString(url.charAt(from))
            + url.substring(from + 1);
    for (String forged :
        new String[] {escaped, url + "=", url + "A", url + "/", url.substring(0, from)}) {
      assertThat(proxy.callBack(forged, result("forged")).statusCode()).isEqualTo(401);
    }
    assertThat(held).isNotDone();
    assertThat(proxy.callBack(url, result("true")).statusCode()).isEqualTo(200);
    assertThat(await(held).body()).asString().isEqualTo(result("true"));
  }

  @Test
  void tokenOfOneJobNeverAnswersAnother() throws Exception {
    var first = proxy.proxy("{\"account\":\"first\"}");
    Start firstStart = jobServer.nextStart();
    var second = proxy.proxy("{\"account\":\"second\"}");
    Start secondStart = jobServer.nextStart();
    proxy.callBack(secondStart.callback(), result("second"));
    proxy.callBack(firstStart.callback(), result("first"));
    assertThat(await(first).body()).asString().isEqualTo(result("first"));
    assertThat(await(second).body()).asString().isEqualTo(result("second"));
  }

  @Test
  void tokenOfOneDeploymentIsWorthlessInAnother() throws Exception {
    try (RunningProxy other = RunningProxy.before(jobServer)) {
      var held = proxy.proxy(JOB);
      String url = jobServer.nextStart().callback();
      String elsewhere = url.replace(":" + proxy.port() + "/", ":" + other.port() + "/");
      assertThat(other.callBack(elsewhere, result("1")).statusCode()).isEqualTo(401);
      proxy.callBack(url, result("1"));
      assertThat(await(held).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void withoutACallbackTheClientGets504AndTheJobGoesOn() throws Exception {
    HttpResponse<byte[]> answer = await(proxy.proxy(JOB, "Prefer", "wait=5"));
    String job = header(answer, "Job-Id");
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(header(answer, "Location")).isEqualTo("/proxy/jobs/" + job);
    assertThat(json(answer).getString("error")).isEqualTo("Job " + job + " timed out");
    assertThat(json(answer).getString("job")).isEqualTo(job);
    assertThat(json(answer).getString("phase")).isEqualTo("running");
    assertThat(state(job)).isEqualTo("running");
    assertThat(proxy.proxy().held()).isZero();
  }

  @Test
  void lateCallbackAfterTimeoutIsStoredAndFetchable() throws Exception {
    HttpResponse<byte[]> answer = await(proxy.proxy(JOB, "Prefer", "wait=0"));
    assertThat(answer.statusCode()).isEqualTo(504);
    HttpResponse<byte[]> receipt = proxy.callBack(jobServer.nextStart().callback(), result("late"));
    assertThat(json(receipt).getString("status")).isEqualTo("stored");
    HttpResponse<byte[]> job = proxy.get(header(answer, "Location"));
    assertThat(json(job).getString("state")).isEqualTo("completed");
    assertThat(new String(job.body(), UTF_8)).endsWith(",\"result\":" + result("late") + "}");
  }

  @Test
  void callbackForAnExpiredJobCompletesItAfterAll() throws Exception {
    restartProxy("job.timeout", "4s");
    HttpResponse<byte[]> answer = await(proxy.proxy(JOB));
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(json(answer).getString("reason")).isEqualTo("no_callback");
    String job = header(answer, "Job-Id");
    assertThat(state(job)).isEqualTo("expired");
    Start start = jobServer.nextStart();
    assertThat(json(proxy.callBack(start.callback(), result("late"))).getString("status"))
        .isEqualTo("stored");
    assertThat(state(job)).isEqualTo("completed");
  }

  @Test
  void resultThatSaysFailedIsAnAnswerAndNoDeadLetter() throws Exception {
    var held = proxy.proxy(JOB);
    String failed = "{\"id\":\"1\",\"state\":\"failed\",\"why\":\"no\"}";
    proxy.callBack(jobServer.nextStart().callback(), failed);
    HttpResponse<byte[]> answer = await(held);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).asString().isEqualTo(failed);
    assertThat(state(header(answer, "Job-Id"))).isEqualTo("failed");
  }

  @Test
  void callbackThatSaysRunningDoesNotFinishTheJob() throws Exception {
    var held = proxy.proxy(JOB);
    Start start = jobServer.nextStart();
    proxy.callBack(start.callback(), "{\"id\":\"1\",\"state\":\"running\"}");
    assertThat(held).isNotDone();
    proxy.callBack(start.callback(), result("1"));
    assertThat(await(held).body()).asString().isEqualTo(result("1"));
  }

  @Test
  void hangingStartIsHeldForBecauseItsCallbackMayCome() throws Exception {
    restartProxy("job-server.timeout", "50ms");
    jobServer.onStart(start -> {});
    var held = proxy.proxy(JOB);
    Start start = jobServer.nextStart();
    Eventually.that(() -> assertThat(history(onlyJob())).contains("\"outcome\":\"unclear\""));
    assertThat(held).isNotDone();
    proxy.callBack(start.callback(), result("1"));
    assertThat(await(held).body()).asString().isEqualTo(result("1"));
    assertThat(jobServer.unseenStarts()).isZero();
  }

  private String admin(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + path);
    return new String(await(proxy.send(HttpRequest.newBuilder(uri))).body(), UTF_8);
  }

  private String onlyJob() throws Exception {
    JsonObject jobs = new JsonObject(admin("/admin/jobs"));
    return jobs.getJsonArray("items").getJsonObject(0).getString("id");
  }

  private String history(String job) throws Exception {
    return new JsonObject(admin("/admin/jobs/" + job)).getJsonArray("history").encode();
  }

  @Test
  void disconnectedClientIsForgottenAndItsJobGoesOn() throws Exception {
    var held = proxy.proxy(JOB);
    Start start = jobServer.nextStart();
    held.cancel(true);
    Eventually.that(() -> assertThat(proxy.proxy().held()).isZero());
    assertThat(json(proxy.callBack(start.callback(), result("1"))).getString("status"))
        .isEqualTo("stored");
  }

  @Test
  void oneAccountIsServedOneStartAtATimeAndOthersMeanwhile() throws Exception {
    jobServer.onStart(start -> {});
    var first = proxy.proxy("{\"account\":\"busy\"}");
    Start firstStart = jobServer.nextStart();
    var second = proxy.proxy("{\"account\":\"busy\"}");
    var other = proxy.proxy("{\"account\":\"other\"}");
    Start otherStart = jobServer.nextStart();
    assertThat(otherStart.body().getString("account")).isEqualTo("other");
    assertThat(jobServer.unseenStarts()).isZero();

    firstStart.accept("1");
    Start secondStart = jobServer.nextStart();
    assertThat(secondStart.body().getString("account")).isEqualTo("busy");
    otherStart.accept("2");
    secondStart.accept("3");
    for (Start start : new Start[] {firstStart, secondStart, otherStart}) {
      proxy.callBack(start.callback(), result("x"));
    }
    assertThat(await(first).statusCode()).isEqualTo(200);
    assertThat(await(second).statusCode()).isEqualTo(200);
    assertThat(await(other).statusCode()).isEqualTo(200);
  }
}
