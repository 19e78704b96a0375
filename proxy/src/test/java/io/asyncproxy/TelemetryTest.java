package io.asyncproxy;

import static io.asyncproxy.Eventually.that;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedJobServer.Start;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see of one job and of many: metrics, the last seconds, timelines. */
@SuppressWarnings("NullAway.Init") // started before each test
class TelemetryTest {
  private static final String RESULT = "{\"id\":\"j1\",\"state\":\"completed\"}";

  private final HttpClient client = HttpClient.newHttpClient();
  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
    jobServer.onStart(start -> start.accept("j1"));
    proxy = RunningProxy.before(jobServer, "job-server.timeout", "60s");
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  private String admin(String path, String... headers) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString()).body();
  }

  private JsonObject json(String path) throws Exception {
    return new JsonObject(admin(path));
  }

  /** Runs a job; its id. */
  private String runOne() throws Exception {
    var answer = proxy.proxy("{\"account\":\"a\"}");
    String callback = jobServer.nextStart().callback();
    assertThat(proxy.callBack(callback, RESULT).statusCode()).isEqualTo(200);
    var response = answer.get(20, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(proxy.callBack(callback, RESULT).statusCode()).isEqualTo(200);
    return json("/admin/jobs").getJsonArray("items").getJsonObject(0).getString("id");
  }

  private double metric(String name) throws Exception {
    Matcher found =
        Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(admin("/metrics"));
    assertThat(found.find()).as(name).isTrue();
    return Double.parseDouble(found.group(1));
  }

  @Test
  void everyPartOfAJobIsCountedAndTimed() throws Exception {
    runOne();
    assertThat(proxy.get("/nothing").statusCode()).isEqualTo(404);
    that(this::assertAllIsCountedAndTimed);
  }

  /** What is counted when it has ended is so a moment after it was seen to. */
  private void assertAllIsCountedAndTimed() throws Exception {
    assertThat(metric("asyncproxy_jobs_accepted_total")).isEqualTo(1);
    assertThat(metric("asyncproxy_jobs_total{state=\"completed\"}")).isEqualTo(1);
    assertThat(metric("asyncproxy_job_duration_seconds_count")).isEqualTo(1);
    assertThat(metric("asyncproxy_added_latency_seconds_count")).isEqualTo(1);
    assertThat(metric("asyncproxy_added_latency_seconds_sum"))
        .isLessThanOrEqualTo(metric("asyncproxy_job_duration_seconds_sum") + .1);
    assertThat(metric("asyncproxy_store_seconds_count{operation=\"accept\"}")).isEqualTo(1);
    assertThat(metric("asyncproxy_store_seconds_count{operation=\"apply\"}")).isPositive();
    assertThat(metric("asyncproxy_callbacks_total{result=\"duplicate\"}")).isEqualTo(1);
    String proxied =
        "{http_request_method=\"POST\",http_response_status_code=\"200\",http_route=\"%s\"}";
    assertThat(metric("http_server_request_duration_seconds_count" + proxied.formatted("/proxy")))
        .isEqualTo(1);
    assertThat(
            metric(
                "http_server_request_duration_seconds_count"
                    + proxied.formatted("/proxy/callback/{token}")))
        .isEqualTo(2);
    assertThat(
            metric(
                "http_server_request_duration_seconds_count{http_request_method=\"GET\","
                    + "http_response_status_code=\"404\",http_route=\"\"}"))
        .isEqualTo(1);
    assertThat(
            metric(
                "http_client_request_duration_seconds_count{error_type=\"\",http_request_method=\"POST\","
                    + "http_response_status_code=\"200\",server_address=\"127.0.0.1\",server_port=\""
                    + jobServer.port()
                    + "\"}"))
        .isEqualTo(1);
  }

  @Test
  void startsThatFailAreTimedByWhatWentWrong() throws Exception {
    jobServer.onStart(start -> start.answer(422, "{}"));
    proxy.proxy("{\"account\":\"a\"}").get(20, TimeUnit.SECONDS);
    that(
        () ->
            assertThat(admin("/metrics"))
                .contains("http_client_request_duration_seconds_count{error_type=\"refused\""));
  }

  @Test
  void noIdNorAccountIsALabelAndOldBucketsReachBeyondTheLongestHold() throws Exception {
    String id = runOne();
    String metrics = admin("/metrics");
    assertThat(metrics)
        .doesNotContain(id)
        .doesNotContain("account=")
        .contains("asyncproxy_job_duration_seconds_bucket{le=\"3600.0\"}");
    assertThat(admin("/metrics", "Accept", "application/openmetrics-text")).endsWith("# EOF\n");
  }

  @Test
  void lastSecondsAreShown() throws Exception {
    runOne();
    that(
        () -> {
          JsonObject live = json("/admin/live?points=300");
          JsonArray points = live.getJsonArray("points");
          List<JsonObject> all = points.stream().map(JsonObject.class::cast).toList();
          assertThat(all).anySatisfy(point -> assertThat(point.getDouble("accepted")).isPositive());
          assertThat(all)
              .anySatisfy(point -> assertThat(point.getDouble("added_p50")).isNotNegative());
          assertThat(all).anySatisfy(point -> assertThat(point.getDouble("job_p99")).isPositive());
          assertThat(live.getJsonObject("now").getString("circuit")).isEqualTo("closed");
          assertThat(live.getJsonObject("now").getLong("dead_letters")).isZero();
          assertThat(live.getJsonObject("node").getString("state")).isEqualTo("serving");
        });
    assertThat(json("/admin/live?points=1").getJsonArray("points")).hasSize(1);
    assertThat(json("/admin/live?points=0").getInteger("status")).isEqualTo(400);
    assertThat(json("/admin/live?points=301").getString("error")).contains("1 to 300");
  }

  @Test
  void accountsWithTheMostThatWaitAreShown() throws Exception {
    jobServer.onStart(_ -> {});
    for (int i = 0; i < 4; i++) {
      proxy.proxy("{\"account\":\"busy\"}");
      proxy.proxy("{\"account\":\"calm\",\"n\":1}");
    }
    proxy.proxy("{\"account\":\"busy\"}");
    that(
        () ->
            assertThat(json("/admin/live").getJsonArray("accounts").encode())
                .isEqualTo(
                    "[{\"account\":\"busy\",\"waiting\":4},{\"account\":\"calm\",\"waiting\":3}]"));
    Start busy = jobServer.nextStart();
    Start calm = jobServer.nextStart();
    jobServer.onStart(start -> start.accept("j1")); // so that the proxy's end need not wait
    busy.accept("j1");
    calm.accept("j1");
  }

  @Test
  void timelineTellsTheWholeJob() throws Exception {
    String id = runOne();
    that(
        () ->
            assertThat(events(id))
                .startsWith("accepted")
                .containsExactlyInAnyOrder( // the start's answer and the callback come on two loops
                    "accepted",
                    "attempt accepted",
                    "callback stored",
                    "ended completed",
                    "answer answered",
                    "callback duplicate"));
    String node = json("/admin/nodes").getJsonArray("items").getJsonObject(0).getString("id");
    JsonObject attempt =
        json("/admin/jobs/" + id)
            .getJsonArray("timeline")
            .getJsonObject(events(id).indexOf("attempt accepted"));
    assertThat(attempt.getString("node")).isEqualTo(node);
    assertThat(attempt.getInteger("attempt")).isEqualTo(1);
    assertThat(attempt.getLong("took_ms")).isNotNegative();
  }

  private List<String> events(String id) throws Exception {
    List<String> events = new ArrayList<>();
    for (Object moment : json("/admin/jobs/" + id).getJsonArray("timeline")) {
      JsonObject of = (JsonObject) moment;
      events.add((of.getString("event") + " " + of.getString("outcome", "")).strip());
    }
    return events;
  }

  @Test
  void failedAttemptsAndAnswersAreInTheTimeline() throws Exception {
    jobServer.onStart(start -> start.answer(503, "{}"));
    proxy.proxy("{\"account\":\"a\"}", "Prefer", "wait=1").get(20, TimeUnit.SECONDS);
    String id = json("/admin/jobs").getJsonArray("items").getJsonObject(0).getString("id");
    that(
        () ->
            assertThat(events(id)).contains("attempt busy").anyMatch(e -> e.startsWith("answer")));
  }
}
