package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedJobServer.Start;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that would rather not wait: 202, polling, event streams, cancelling. */
class AsyncJobTest {
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";

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

  private HttpResponse<byte[]> post(String body, String... headers) throws Exception {
    return proxy.proxy(body, headers).get(20, TimeUnit.SECONDS);
  }

  @Test
  void respondAsyncIsAnswered202AtOnce() throws Exception {
    HttpResponse<byte[]> answer = post("{\"account\":\"a\"}", "Prefer", "respond-async");
    String job = header(answer, "Job-Id");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(header(answer, "Location")).isEqualTo("/proxy/jobs/" + job);
    assertThat(header(answer, "Preference-Applied")).isEqualTo("respond-async");
    assertThat(answer.body())
        .asString()
        .isEqualTo("{\"state\":\"running\",\"id\":\"" + job + "\"}");
  }

  @Test
  void waitFalseIsAnswered202AtOnce() throws Exception {
    HttpResponse<byte[]> answer = post("{\"account\":\"a\",\"wait\":false}");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(header(answer, "Preference-Applied")).isEmpty();
  }

  @Test
  void respondAsyncWithWaitIsHeldFirst() throws Exception {
    HttpResponse<byte[]> over = post("{\"account\":\"a\"}", "Prefer", "respond-async, wait=1");
    assertThat(over.statusCode()).isEqualTo(202);
    assertThat(header(over, "Preference-Applied")).isEqualTo("respond-async, wait=1");
    jobServer.nextStart();
    var held = proxy.proxy("{\"account\":\"a\"}", "Prefer", "respond-async", "Prefer", "wait=20");
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"wait=abc", "wait", "wait=-1", "wait=1.5", "other=1; wait=1", "respond-async=no"})
  void malformedPreferencesAreIgnored(String prefer) throws Exception {
    var held = proxy.proxy("{\"account\":\"a\"}", "Prefer", prefer);
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    HttpResponse<byte[]> answer = held.get(20, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Preference-Applied")).isEmpty();
  }

  @Test
  void waitIsCappedAtHoldMax() throws Exception {
    try (RunningProxy brief =
        RunningProxy.before(jobServer, "hold.timeout", "100ms", "hold.max", "1s")) {
      HttpResponse<byte[]> answer =
          brief
              .proxy("{\"account\":\"a\"}", "Prefer", "wait=99999999999")
              .get(20, TimeUnit.SECONDS);
      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(header(answer, "Preference-Applied")).isEqualTo("wait=1");
    }
  }

  @Test
  void jobShowsWhatIsKnownOfIt() throws Exception {
    String job = header(post("{\"account\":\"ä\",\"wait\":false}"), "Job-Id");
    Start start = jobServer.nextStart();
    Eventually.that(
        () -> {
          var running = json(proxy.get("/proxy/jobs/" + job));
          assertThat(running.getString("state")).isEqualTo("running");
          assertThat(running.getString("account")).isEqualTo("ä");
          assertThat(running.getInteger("attempts")).isEqualTo(1);
          assertThat(running.getString("job_server_id")).isEqualTo("4499a6e0c2ef4b98");
          assertThat(running.getString("created_at")).endsWith("Z");
          assertThat(running.containsKey("finished_at")).isFalse();
          assertThat(running.containsKey("result")).isFalse();
        });
    proxy.callBack(start.callback(), RESULT);
    var done = json(proxy.get("/proxy/jobs/" + job));
    assertThat(done.getString("state")).isEqualTo("completed");
    assertThat(done.getString("finished_at")).endsWith("Z");
    assertThat(done.getJsonObject("result").encode()).isEqualTo(RESULT);
    assertThat(header(proxy.get("/proxy/jobs/" + job), "Job-Id")).isEqualTo(job);
  }

  @Test
  void longPollEndsWithTheJob() throws Exception {
    String job = header(post("{\"account\":\"a\",\"wait\":false}"), "Job-Id");
    var poll = proxy.send(proxy.request("/proxy/jobs/" + job, "Prefer", "wait=20").GET());
    Eventually.that(() -> assertThat(proxy.proxy().held()).isEqualTo(1));
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    HttpResponse<byte[]> answer = poll.get(20, TimeUnit.SECONDS);
    assertThat(json(answer).getString("state")).isEqualTo("completed");
    assertThat(header(answer, "Preference-Applied")).isEqualTo("wait=20");
    assertThat(json(proxy.get("/proxy/jobs/" + job, "Prefer", "wait=20")).getString("state"))
        .isEqualTo("completed");
    assertThat(proxy.proxy().held()).isZero();
  }

  @Test
  void eventStreamTellsEachStateAndEndsWithTheLast() throws Exception {
    jobServer.onStart(start -> {});
    String job = header(post("{\"account\":\"a\",\"wait\":false}"), "Job-Id");
    Start start = jobServer.nextStart();
    HttpResponse<Stream<String>> events = proxy.events(job);
    assertThat(header(events, "Content-Type")).isEqualTo("text/event-stream");
    Iterator<String> lines = events.body().iterator();
    assertThat(idOf(lines)).isEqualTo("id: starting");
    assertThat(lines.next()).isEqualTo("event: state");
    assertThat(lines.next()).startsWith("data: {\"id\":\"" + job);
    start.accept("1");
    assertThat(idOf(lines)).isEqualTo("id: running");
    proxy.callBack(start.callback(), RESULT);
    assertThat(idOf(lines)).isEqualTo("id: completed");
    lines.forEachRemaining(line -> assertThat(line).doesNotStartWith("id:"));
    Eventually.that(() -> assertThat(proxy.proxy().followers()).isZero());
  }

  /** The next event's. */
  private static String idOf(Iterator<String> lines) {
    String line = lines.next();
    while (!line.startsWith("id:")) {
      line = lines.next();
    }
    return line;
  }

  @Test
  void eventStreamOfAFinishedJobIsOneEvent() throws Exception {
    String job = header(post("{\"account\":\"a\",\"wait\":false}"), "Job-Id");
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    String events =
        new String(proxy.get("/proxy/jobs/" + job, "Accept", "text/event-stream").body(), UTF_8);
    assertThat(events.lines().filter(line -> line.startsWith("event:"))).hasSize(1);
    assertThat(proxy.get("/proxy/jobs/" + job.replace('0', '1'), "Accept", "text/event-stream"))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(404);
  }

  /** What a client does not read is not kept for it: what follows says it all. */
  @Test
  void eventStreamThatIsNotReadKeepsNoMoreThanTheLast() throws Exception {
    String job = header(post("{\"account\":\"a\",\"wait\":false}"), "Job-Id");
    Start start = jobServer.nextStart();
    try (RawClient client = new RawClient(proxy.port(), 4_096)) {
      client.send("GET /proxy/jobs/" + job + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
      client.send("Accept: text/event-stream\r\n\r\n");
      Eventually.that(() -> assertThat(proxy.proxy().followers()).isEqualTo(1));
      int told = 3_000; // more than the sockets keep
      String log = "x".repeat(4_000);
      String progress = "{\"id\":\"1\",\"state\":\"running\",\"log\":\"" + log + "\"}";
      for (int i = 0; i < told; i++) {
        HttpResponse<byte[]> receipt = proxy.callBack(start.callback(), progress);
        assertThat(json(receipt).getString("status")).isEqualTo("progress");
      }
      proxy.callBack(start.callback(), RESULT);
      client.readToEnd(20_000);
      assertThat(client.received()).contains("id: completed");
      assertThat(client.received().split("event: progress", -1).length).isLessThan(told);
      Eventually.that(() -> assertThat(proxy.proxy().followers()).isZero());
    }
  }

  @Test
  void noMoreEventStreamsAreFollowedThanRequestsAreHeld() throws Exception {
    try (RunningProxy small = RunningProxy.before(jobServer, "held.max", "1")) {
      HttpResponse<byte[]> made =
          small.proxy("{\"account\":\"a\",\"wait\":false}").get(20, TimeUnit.SECONDS);
      Start start = jobServer.nextStart();
      String path = "/proxy/jobs/" + header(made, "Job-Id");
      var first = small.send(small.request(path, "Accept", "text/event-stream").GET());
      Eventually.that(() -> assertThat(small.proxy().followers()).isEqualTo(1));
      HttpResponse<byte[]> second = small.get(path, "Accept", "text/event-stream");
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(header(second, "Retry-After")).isEqualTo("1");
      small.callBack(start.callback(), RESULT);
      assertThat(first.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(small.get(path, "Accept", "text/event-stream").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void cancelledJobAnswersItsClients410AndItsCallbacksDuplicate() throws Exception {
    jobServer.onStart(start -> {});
    var held = proxy.proxy("{\"account\":\"a\"}");
    Start start = jobServer.nextStart();
    String job = jobOf(start);
    assertThat(proxy.delete("/proxy/jobs/" + job).statusCode()).isEqualTo(204);
    HttpResponse<byte[]> answer = held.get(20, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(410);
    HttpResponse<byte[]> receipt = proxy.callBack(start.callback(), RESULT);
    assertThat(receipt.statusCode()).isEqualTo(200);
    assertThat(json(receipt).getString("status")).isEqualTo("duplicate");
    assertThat(proxy.delete("/proxy/jobs/" + job).statusCode()).isEqualTo(409);
    assertThat(json(proxy.get("/proxy/jobs/" + job)).getString("state")).isEqualTo("cancelled");
  }

  /** The id is in the callback URL's token: base64url of a version byte, the id and the MAC. */
  private static String jobOf(Start start) {
    String token = start.callback().substring(start.callback().lastIndexOf('/') + 1);
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
    bytes.get();
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  @Test
  void healthAndReadinessSayOk() throws Exception {
    assertThat(json(proxy.get("/health")).getString("status")).isEqualTo("OK");
    assertThat(json(proxy.get("/health")).getString("timestamp")).endsWith("Z");
    assertThat(proxy.get("/livez").statusCode()).isEqualTo(200);
    assertThat(json(proxy.get("/readyz")).getJsonObject("checks").getString("store"))
        .isEqualTo("ok");
  }

  @Test
  void browsersMayCallFromOtherOrigins() throws Exception {
    HttpResponse<byte[]> preflight =
        proxy
            .send(
                proxy
                    .request("/proxy", "Origin", "https://example.org")
                    .method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody()))
            .get(20, TimeUnit.SECONDS);
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(header(preflight, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(preflight, "Access-Control-Allow-Methods")).contains("POST", "DELETE");
    assertThat(header(preflight, "Access-Control-Allow-Headers")).contains("Idempotency-Key");
    HttpResponse<byte[]> answer = proxy.get("/health", "Origin", "https://example.org");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(answer, "Access-Control-Expose-Headers")).contains("Job-Id");
  }
}
