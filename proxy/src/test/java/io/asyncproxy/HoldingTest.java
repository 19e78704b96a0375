package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.testbed.JobServer;
import io.asyncproxy.testbed.JobServerOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Very many held requests. Over HTTP/2 without TLS, so that client, proxy and job server fit into
 * the file descriptors of one process; {@code docs/performance.md} has the runs over HTTP/1.1.
 */
class HoldingTest {
  private static final int STREAMS = 500;

  private Vertx vertx;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  }

  private HttpClient client() {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setHttp2MultiplexingLimit(STREAMS),
        new PoolOptions().setHttp2MaxSize(40).setMaxWaitQueueSize(-1));
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private Future<HttpClientRequest> send(HttpClient client, RunningProxy proxy, String account) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(proxy.port())
            .setURI("/proxy")
            .putHeader("content-type", "application/json");
    return client
        .request(options)
        .onSuccess(request -> request.end(new JsonObject().put("account", account).toBuffer()));
  }

  @Test
  void tenThousandRequestsHeldAtOnceAreAllAnsweredAndNoneCrossed() throws Exception {
    int requests = 10_000;
    JobServer jobServer =
        new JobServer(
            vertx, JobServerOptions.withDelay(0, Duration.ofSeconds(20)), Clock.systemUTC());
    int jobServerPort = jobServer.start().await(20, TimeUnit.SECONDS);
    String url = "http://127.0.0.1:" + jobServerPort + "/start";
    try (RunningProxy proxy =
        new RunningProxy(
            Map.of("job-server.url", url, "hold.timeout", "120s", "held.max", "20000"))) {
      int threadsBefore = Thread.activeCount();
      HttpClient client = client();
      List<Future<JsonObject>> answers = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        answers.add(
            send(client, proxy, "account-" + i)
                .compose(HttpClientRequest::response)
                .compose(
                    response ->
                        response
                            .body()
                            .map(body -> checked(response.statusCode(), body.toJsonObject()))));
      }
      Eventually.that(() -> assertThat(proxy.proxy().held()).isGreaterThan(requests * 9 / 10));
      assertThat(Thread.activeCount()).isLessThan(threadsBefore + 20);

      for (int i = 0; i < requests; i++) {
        JsonObject result = answers.get(i).await(120, TimeUnit.SECONDS);
        assertThat(result.getString("proof"))
            .isEqualTo(JobServer.proof(result.getString("id"), "account-" + i));
      }
      assertThat(proxy.proxy().held()).isZero();
      JsonObject stats = jobServer.stats().await(20, TimeUnit.SECONDS);
      assertThat(stats.getInteger("started")).isEqualTo(requests);
      assertThat(stats.getInteger("started_again")).isZero();
      assertThat(stats.getInteger("queued_behind_account")).isZero();
    }
  }

  private static JsonObject checked(int status, JsonObject result) {
    if (status != 200) {
      throw new IllegalStateException(status + " " + result.encode());
    }
    return result;
  }

  @Test
  void hundredThousandClientsThatLeaveLeaveNothingBehind() throws Exception {
    int requests = 100_000;
    int atOnce = 2_000;
    try (ScriptedJobServer jobServer = new ScriptedJobServer();
        RunningProxy proxy = RunningProxy.before(jobServer, "hold.timeout", "60s")) {
      int connectionsBefore = proxy.proxy().connections();
      for (int done = 0; done < requests; done += atOnce) {
        HttpClient leaving = client();
        for (int i = 0; i < atOnce; i++) {
          send(leaving, proxy, "account-" + i);
        }
        Eventually.that(() -> assertThat(proxy.proxy().held()).isEqualTo(atOnce));
        leaving.close().await(30, TimeUnit.SECONDS);
        Eventually.that(() -> assertThat(proxy.proxy().held()).isZero());
        jobServer.forgetStarts();
      }
      Eventually.that(() -> assertThat(proxy.proxy().connections()).isEqualTo(connectionsBefore));
      Eventually.that(() -> assertThat(proxy.proxy().deadlines()).isZero());
    }
  }

  @Test
  void moreThanHeldMaxAreRefusedAtOnce() throws Exception {
    try (ScriptedJobServer jobServer = new ScriptedJobServer();
        RunningProxy proxy = RunningProxy.before(jobServer, "held.max", "2")) {
      var first = proxy.proxy("{\"account\":\"a\"}");
      var second = proxy.proxy("{\"account\":\"b\"}");
      String callback = jobServer.nextStart().callback();
      jobServer.nextStart();
      var third = proxy.proxy("{\"account\":\"c\"}").get(20, TimeUnit.SECONDS);
      assertThat(third.statusCode()).isEqualTo(503);
      assertThat(RunningProxy.header(third, "Retry-After")).isEqualTo("1");
      assertThat(jobServer.unseenStarts()).isZero();

      assertThat(proxy.callBack(callback, "{\"id\":\"1\"}").statusCode()).isEqualTo(200);
      assertThat(
              java.util.concurrent.CompletableFuture.anyOf(first, second).get(20, TimeUnit.SECONDS))
          .isNotNull();
      Eventually.that(() -> assertThat(proxy.proxy().held()).isEqualTo(1));
    }
  }
}
