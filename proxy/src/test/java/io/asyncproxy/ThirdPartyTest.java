package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedApi.Answer;
import io.asyncproxy.ScriptedApi.Asked;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server that nobody here wrote is driven by nothing but a route: Buildbot, unmodified, with the
 * files of {@code docs/routes/buildbot.md}. Its callbacks come over a road that can be closed.
 */
@SuppressWarnings("NullAway.Init") // each test starts its own
class ThirdPartyTest extends RouteFixture {
  private final BlockingQueue<JsonObject> replies = new LinkedBlockingQueue<>();
  private Buildbot buildbot;

  @BeforeEach
  void startBuildbot() throws Exception {
    try {
      buildbot = new Buildbot(folder, api.url());
    } catch (IOException missing) {
      if ("true".equals(System.getenv("CI"))) {
        throw missing;
      }
      Assumptions.abort("Buildbot is missing: " + missing.getMessage());
    }
    variable("BUILDBOT_PASSWORD", Buildbot.PASSWORD);
    api.on(this::passOn);
  }

  @AfterEach
  void stopBuildbot() throws Exception {
    if (buildbot != null) {
      buildbot.close();
    }
  }

  /** The road from Buildbot to the proxy. */
  private Answer passOn(Asked callback) {
    HttpResponse<byte[]> reply =
        proxy
            .send(
                proxy
                    .request(callback.uri(), "Authorization", callback.header("Authorization"))
                    .POST(BodyPublishers.ofByteArray(callback.body())))
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
    replies.add(json(reply));
    return Answer.json(reply.statusCode(), new String(reply.body(), UTF_8));
  }

  private static Answer loseIt(Asked callback) {
    return new Answer(503, Map.of(), new byte[0]);
  }

  private CompletableFuture<HttpResponse<byte[]>> factor(String number) {
    return post("/factors/" + number, "{}", "Prefer", "wait=25");
  }

  private static HttpResponse<byte[]> answered(CompletableFuture<HttpResponse<byte[]>> held)
      throws Exception {
    return held.get(30, TimeUnit.SECONDS);
  }

  private String replyToCallback() throws Exception {
    JsonObject reply = replies.poll(20, TimeUnit.SECONDS);
    assertThat(reply).as("no callback came: %s", buildbot.log()).isNotNull();
    return reply.getString("status");
  }

  @Test
  void clientGetsWhatTheBuildFound() throws Exception {
    start(buildbot.route());
    HttpResponse<byte[]> answer = answered(factor("91"));
    assertThat(answer.body()).asString().isEqualTo("\"91: 7 13\"");
    assertThat(answer.statusCode()).isEqualTo(200);
    String first = replyToCallback();
    assertThat(first).as("unknown until its start response is read").isIn("progress", "unknown");
    assertThat(replyToCallback()).isEqualTo("stored");
    JsonObject job = json(proxy.get("/proxy/jobs/" + header(answer, "Job-Id")));
    assertThat(job.getString("state")).isEqualTo("completed");
    assertThat(job.getString("job_server_id")).isEqualTo("1");
    if (first.equals("progress")) {
      assertThat(job.getJsonObject("progress").getString("state_string")).isEqualTo("starting");
    }
  }

  @Test
  void clientGetsWhyTheBuildFailed() throws Exception {
    start(buildbot.route());
    HttpResponse<byte[]> answer = answered(factor("ninety"));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(json(answer).getInteger("results")).isEqualTo(2);
    assertThat(json(answer).getString("state_string")).contains("failed 'factor ninety'");
  }

  @Test
  void clientIsToldAtOnceWhatBuildbotRefuses() throws Exception {
    start(buildbot.route());
    HttpResponse<byte[]> answer = answered(factor("1,000"));
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(json(answer).getInteger("upstream_status")).isEqualTo(400);
  }

  @Test
  void eachOfSeveralClientsGetsItsOwnBuild() throws Exception {
    start(buildbot.route());
    List<CompletableFuture<HttpResponse<byte[]>>> held = new ArrayList<>();
    for (int number = 2; number < 6; number++) {
      held.add(factor(Integer.toString(number)));
    }
    List<String> answers = new ArrayList<>();
    for (var answer : held) {
      answers.add(new String(answered(answer).body(), UTF_8));
    }
    assertThat(answers).containsExactly("\"2: 2\"", "\"3: 3\"", "\"4: 2 2\"", "\"5: 5\"");
  }

  @Test
  void lostCallbackIsNotALostResult() throws Exception {
    start(buildbot.route().replace("every: 30s", "every: 1s"));
    api.on(ThirdPartyTest::loseIt);
    var held = factor("91");
    var failing = factor("ninety");
    assertThat(answered(held).body()).asString().isEqualTo("\"91: 7 13\"");
    assertThat(answered(failing).statusCode()).isEqualTo(422);
    assertThat(answered(failing).body()).asString().contains("\"results\": 2");
    assertThat(replies).isEmpty();
    for (int callback = 0; callback < 4; callback++) {
      assertThat(api.next().uri()).isEqualTo("/proxy/callback/factors");
    }
  }

  @Test
  void buildThatNeverBeginsIsHeardOfAllTheSame() throws Exception {
    start(buildbot.route().replace("every: 30s", "every: 1s"));
    Eventually.that(() -> assertThat(buildbot.has("workers/1")).isTrue());
    buildbot.control("workers/1", "pause");
    var held = factor("91");
    Eventually.that(() -> assertThat(buildbot.has("buildrequests/1")).isTrue());
    buildbot.control("buildrequests/1", "cancel");
    assertThat(answered(held).statusCode()).isEqualTo(422);
    assertThat(answered(held).body()).asString().contains("\"results\": 6");
    assertThat(api.waiting()).as("callbacks").isZero();
  }
}
