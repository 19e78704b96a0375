package io.asyncproxy.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The simulated job server does what it is told to, and the client's report is what scripts read.
 */
@SuppressWarnings("NullAway.Init") // each test starts its own
class JobServerTest {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(200));
  private final BlockingQueue<JsonObject> callbacks = new LinkedBlockingQueue<>();
  private JobServer server;
  private int port;
  private int callbackPort;

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private void start(JobServerOptions options) throws Exception {
    server = new JobServer(vertx, options, Clock.systemUTC());
    port = server.start().await(10, TimeUnit.SECONDS);
    callbackPort =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              JsonObject seen = body.toJsonObject();
                              request
                                  .headers()
                                  .forEach(h -> seen.put("h:" + h.getKey(), h.getValue()));
                              callbacks.add(seen);
                              request.response().end();
                            }))
            .listen(0)
            .await(10, TimeUnit.SECONDS)
            .actualPort();
  }

  private static JobServerOptions faults(
      double reject, double error, double lose, double duplicate, double early, double limit) {
    return new JobServerOptions(
        0,
        Duration.ofMillis(20),
        Duration.ZERO,
        reject,
        error,
        lose,
        duplicate,
        early,
        Optional.of(limit).filter(rate -> rate > 0),
        Optional.empty());
  }

  /** An answer, read to its end. */
  private record Answer(int statusCode, String retryAfter, Buffer body) {}

  private Answer post(JsonObject body) throws Exception {
    return client
        .request(HttpMethod.POST, port, "localhost", "/start")
        .compose(request -> request.send(body.toBuffer()))
        .compose(
            response ->
                response
                    .body()
                    .map(
                        read ->
                            new Answer(
                                response.statusCode(),
                                String.valueOf(response.getHeader("Retry-After")),
                                read)))
        .await(20, TimeUnit.SECONDS);
  }

  private JsonObject start() {
    return new JsonObject()
        .put("account", "a")
        .put("wait", false)
        .put("callback", "http://localhost:" + callbackPort + "/cb");
  }

  private JsonObject stats() throws Exception {
    return server.stats().await(10, TimeUnit.SECONDS);
  }

  private JsonObject nextCallback() throws Exception {
    JsonObject callback = callbacks.poll(10, TimeUnit.SECONDS);
    assertThat(callback).as("a callback within 10 s").isNotNull();
    return callback;
  }

  @Test
  void startAnswersAtOnceAndCallsBackLater() throws Exception {
    start(JobServerOptions.withDelay(0, Duration.ofMillis(50)));
    JsonObject running = post(start()).body().toJsonObject();
    assertThat(running.getString("state")).isEqualTo("running");
    assertThat(running.getString("id")).matches("[0-9a-f]{16}");
    JsonObject result = nextCallback();
    assertThat(result.getString("id")).isEqualTo(running.getString("id"));
    assertThat(result.getString("state")).isEqualTo("completed");
    assertThat(result.getString("proof")).matches("[0-9A-F]{40}");
    assertThat(result.getString("h:Content-Type")).isEqualTo("application/json");
  }

  @Test
  void oneAccountIsServedOneConnectionAtATime() throws Exception {
    start(JobServerOptions.withDelay(0, Duration.ofMillis(50)));
    URI url = URI.create("http://localhost:" + port + "/start");
    JobClientReport slow =
        new JobClient(
                vertx, new JobClientOptions(url, "a", 10, 10, Duration.ofSeconds(30)), done -> {})
            .run()
            .await(30, TimeUnit.SECONDS);
    assertThat(slow.results()).hasSize(10);
    assertThat(slow.total()).isGreaterThanOrEqualTo(Duration.ofMillis(450));
    assertThat(stats().getInteger("queued_behind_account")).isPositive();
  }

  @Test
  void faultsHappenAtTheirRates() throws Exception {
    start(faults(1, 0, 0, 0, 0, 0));
    assertThat(post(start()).statusCode()).isEqualTo(400);
    start(faults(0, 1, 0, 0, 0, 0));
    assertThat(post(start()).statusCode()).isEqualTo(500);
    start(faults(0, 0, 1, 0, 0, 0));
    assertThat(post(start()).statusCode()).isEqualTo(200);
    for (int i = 0; i < 300 && stats().getInteger("callbacks_lost") == 0; i++) {
      Thread.sleep(50);
    }
    assertThat(stats().getInteger("callbacks_lost")).isEqualTo(1);
    assertThat(callbacks.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void duplicateCallbacksComeTwice() throws Exception {
    start(faults(0, 0, 0, 1, 0, 0));
    post(start());
    assertThat(nextCallback().getString("id")).isEqualTo(nextCallback().getString("id"));
  }

  @Test
  void earlyCallbackIsDeliveredBeforeTheStartIsAnswered() throws Exception {
    start(faults(0, 0, 0, 0, 1, 0));
    post(start());
    assertThat(callbacks).hasSize(1);
  }

  @Test
  void startsBeyondTheRateLimitAreAnswered429() throws Exception {
    start(faults(0, 0, 0, 0, 0, 0.01));
    assertThat(post(start()).statusCode()).isEqualTo(200);
    Answer limited = post(start());
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.retryAfter()).isEqualTo("1");
  }

  @Test
  void startOfOneCallbackUrlTwiceIsCounted() throws Exception {
    start(JobServerOptions.withDelay(0, Duration.ZERO));
    post(start());
    post(start());
    assertThat(stats().getInteger("started_again")).isEqualTo(1);
  }

  @Test
  void signedCallbacksCarryTheStandardHeaders() throws Exception {
    String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
    JobServerOptions plain = JobServerOptions.withDelay(0, Duration.ZERO);
    start(
        new JobServerOptions(
            0,
            plain.delay(),
            plain.slowStart(),
            0,
            0,
            0,
            0,
            0,
            Optional.empty(),
            Optional.of(secret)));
    post(start());
    JsonObject callback = nextCallback();
    assertThat(callback.getString("h:webhook-signature")).startsWith("v1,");
    assertThat(callback.getString("h:webhook-id")).isEqualTo(callback.getString("id"));
    assertThat(callback.getString("h:webhook-timestamp")).matches("\\d+");
  }

  @Test
  void proofDecodesToOneEntryForEachJob() throws Exception {
    start(JobServerOptions.withDelay(0, Duration.ofMillis(1)));
    URI url = URI.create("http://localhost:" + port + "/start");
    JobClientReport report =
        new JobClient(
                vertx, new JobClientOptions(url, "a", 5, 5, Duration.ofSeconds(30)), done -> {})
            .run()
            .await(30, TimeUnit.SECONDS);
    assertThat(report.passed()).isTrue();
    byte[] gzip = Base64.getDecoder().decode(report.proof());
    JsonArray proofs =
        Buffer.buffer(new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes())
            .toJsonArray();
    assertThat(proofs).hasSize(5);
    JsonArray first = proofs.getJsonArray(0);
    assertThat(first.getString(2)).isEqualTo(JobServer.proof(first.getString(0), "a"));
    assertThat(report.text())
        .contains(
            "Succeeded: 5\nAverage Duration: ", "\n\nWORK SAMPLE RESULT: PASSED\n\nProof :\n");
  }
}
