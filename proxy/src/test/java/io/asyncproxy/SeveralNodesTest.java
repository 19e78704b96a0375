package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedJobServer.Start;
import io.asyncproxy.testbed.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several proxies on one real Redis are one service. */
@SuppressWarnings("NullAway.Init") // started before each test
class SeveralNodesTest {
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";

  private final Vertx vertx = Vertx.vertx();
  private RedisServer redis;
  private ScriptedJobServer jobServer;
  private RunningProxy a;
  private RunningProxy b;
  private RunningProxy c;

  @BeforeEach
  void start() throws Exception {
    redis = RedisServer.notSynced();
    jobServer = new ScriptedJobServer();
    a = node();
    b = node();
    c = node();
  }

  private RunningProxy node(String... more) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("job-server.url", jobServer.url());
    settings.put("store.url", redis.url());
    settings.put("hold.timeout", "20s");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new RunningProxy(settings);
  }

  @AfterEach
  void stop() throws Exception {
    a.close();
    b.close();
    c.close();
    jobServer.close();
    redis.close();
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private static CompletableFuture<HttpResponse<byte[]>> post(RunningProxy at, String... headers) {
    return at.proxy("{\"account\":\"a\"}", headers);
  }

  private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer)
      throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }

  /** The callback of {@code start}, sent to another node than the one that gave it out. */
  private static HttpResponse<byte[]> callBack(Start start, RunningProxy at, String body)
      throws Exception {
    String path = URI.create(start.callback()).getPath();
    return at.callBack(at.uri(path).toString(), body);
  }

  @Test
  void clientOnOneNodeCallbackOnAnotherRetryOnAThird() throws Exception {
    var first = post(a, "Idempotency-Key", "k");
    Start start = jobServer.nextStart();
    var again = post(c, "Idempotency-Key", "k");
    Eventually.that(() -> assertThat(c.proxy().held()).isEqualTo(1));
    long began = System.nanoTime();
    assertThat(json(callBack(start, b, RESULT)).getString("status")).isEqualTo("stored");
    assertThat(await(first).body()).asString().isEqualTo(RESULT);
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    assertThat(await(again).body()).asString().isEqualTo(RESULT);
    assertThat(header(await(again), "Job-Id")).isEqualTo(header(await(first), "Job-Id"));
    HttpResponse<byte[]> later = await(post(b, "Idempotency-Key", "k"));
    assertThat(header(later, "Idempotency-Replayed")).isEqualTo("true");
    assertThat(json(callBack(start, c, RESULT)).getString("status")).isEqualTo("duplicate");
    assertThat(callBack(start, c, "{\"id\":\"2\"}").statusCode()).isEqualTo(409);
    assertThat(jobServer.unseenStarts()).isZero();
    System.out.println("woken on another node after " + took + " ms");
  }

  @Test
  void resultTooLargeForAMessageIsRead() throws Exception {
    String large = "{\"id\":\"1\",\"text\":\"" + "x".repeat(100_000) + "\"}";
    var held = post(a);
    callBack(jobServer.nextStart(), b, large);
    assertThat(await(held).body()).asString().isEqualTo(large);
  }

  @Test
  void lostMessageCostsItsClientSecondsButNotItsAnswer() throws Exception {
    var held = post(a);
    Start start = jobServer.nextStart();
    Redis plain = Redis.createClient(vertx, redis.url());
    Request list = Request.cmd(Command.CLIENT).arg("LIST").arg("TYPE").arg("pubsub");
    Eventually.that(
        () ->
            assertThat(plain.send(list).await(10, TimeUnit.SECONDS).toString().lines()).hasSize(3));
    Request deafen = Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("pubsub");
    assertThat(plain.send(deafen).await(10, TimeUnit.SECONDS)).hasToString("3");
    long began = System.nanoTime();
    callBack(start, b, RESULT);
    assertThat(await(held).body()).asString().isEqualTo(RESULT);
    System.out.printf("answered %d ms late%n", (System.nanoTime() - began) / 1_000_000);
    plain.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void longPollAndEventsOnAnotherNodeSeeTheEnd() throws Exception {
    String job = header(await(post(a, "Prefer", "respond-async")), "Job-Id");
    Start start = jobServer.nextStart();
    var poll = b.send(b.request("/proxy/jobs/" + job, "Prefer", "wait=15").GET());
    var events = c.send(c.request("/proxy/jobs/" + job, "Accept", "text/event-stream").GET());
    Eventually.that(() -> assertThat(b.proxy().held()).isEqualTo(1));
    Eventually.that(() -> assertThat(c.proxy().followers()).isEqualTo(1));
    callBack(start, a, RESULT);
    assertThat(json(await(poll)).getString("state")).isEqualTo("completed");
    assertThat(new String(await(events).body(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"completed\"");
  }

  private JsonArray nodes(RunningProxy at) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + at.proxy().adminPort() + "/admin/nodes");
    return json(await(at.send(HttpRequest.newBuilder(uri)))).getJsonArray("items");
  }

  @Test
  void nodesAreListedAndLeaveWhenTheyStop() throws Exception {
    assertThat(nodes(a)).hasSize(3);
    JsonObject one = nodes(b).getJsonObject(0);
    assertThat(one.fieldNames()).contains("id", "state", "started_at", "seen_at", "held");
    c.close();
    assertThat(nodes(a)).hasSize(2);
  }

  @Test
  void whatWaitedOnANodeThatStopsIsStartedByAnotherAtOnce() throws Exception {
    jobServer.onStart(start -> {});
    await(post(a, "Prefer", "respond-async"));
    Start first = jobServer.nextStart();
    await(post(a, "Prefer", "respond-async"));
    long began = System.nanoTime();
    CompletableFuture<Void> closing =
        CompletableFuture.runAsync(
            () -> {
              try {
                a.close();
              } catch (Exception failure) {
                throw new IllegalStateException(failure);
              }
            });
    Start second = jobServer.nextStart();
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began))
        .as("before its lease of 20 s is over")
        .isLessThan(15);
    first.accept("1");
    second.accept("2");
    closing.get(20, TimeUnit.SECONDS);
    assertThat(callBack(second, b, RESULT).statusCode()).isEqualTo(200);
  }

  @Test
  void heldClientsWaitWhileRedisIsAwayAndEverythingGoesOnByItself() throws Exception {
    var held = post(a);
    Start start = jobServer.nextStart();
    redis.pause();
    HttpResponse<byte[]> refused = await(post(b));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(header(refused, "Retry-After")).isNotEmpty();
    assertThat(callBack(start, b, RESULT).statusCode()).isEqualTo(503);
    assertThat(b.get("/readyz").statusCode()).isEqualTo(503);
    assertThat(held).isNotDone();
    redis.goOn();
    Eventually.that(() -> assertThat(b.get("/readyz").statusCode()).isEqualTo(200));
    assertThat(callBack(start, b, RESULT).statusCode()).isEqualTo(200);
    assertThat(await(held).body()).asString().isEqualTo(RESULT);
  }

  @Test
  void jobThatRedisKeepsWithoutSayingSoIsStartedAllTheSame() throws Exception {
    redis.pause(); // the command waits in the socket, and is carried out afterwards
    assertThat(await(post(b, "Idempotency-Key", "k")).statusCode()).isEqualTo(503);
    redis.goOn();
    Eventually.that(() -> assertThat(c.get("/readyz").statusCode()).isEqualTo(200));
    var again = post(c, "Idempotency-Key", "k");
    callBack(jobServer.nextStart(), a, RESULT);
    assertThat(await(again).body()).asString().isEqualTo(RESULT);
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @Test
  void restartedRedisLosesNothingThatWasAnswered() throws Exception {
    var held = post(a, "Idempotency-Key", "k");
    Start start = jobServer.nextStart();
    redis.kill();
    assertThat(b.get("/readyz").statusCode()).isEqualTo(503);
    redis.restart();
    Eventually.that(() -> assertThat(b.get("/readyz").statusCode()).isEqualTo(200));
    assertThat(json(callBack(start, b, RESULT)).getString("status")).isEqualTo("stored");
    assertThat(await(held).body()).asString().isEqualTo(RESULT);
    redis.kill();
    redis.restart();
    Eventually.that(
        () -> assertThat(await(post(c, "Idempotency-Key", "k")).statusCode()).isEqualTo(200));
  }

  @Test
  void readinessSaysWhatRedisPromises() throws Exception {
    JsonObject checks = json(a.get("/readyz")).getJsonObject("checks");
    assertThat(checks.getString("durability")).startsWith("appendfsync no");
  }
}
