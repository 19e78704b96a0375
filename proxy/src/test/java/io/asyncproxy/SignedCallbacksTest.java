package io.asyncproxy;

import static io.asyncproxy.Callbacks.KEY;
import static io.asyncproxy.Callbacks.OTHER_KEY;
import static io.asyncproxy.Callbacks.awaitStarted;
import static io.asyncproxy.Callbacks.metric;
import static io.asyncproxy.Callbacks.plain;
import static io.asyncproxy.Callbacks.result;
import static io.asyncproxy.Callbacks.send;
import static io.asyncproxy.Callbacks.signed;
import static io.asyncproxy.Callbacks.status;
import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.EachStore.Kind;
import io.asyncproxy.ScriptedJobServer.Start;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note;
import io.asyncproxy.testbed.RedisServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code callback.auth: signature} over real HTTP. */
@SuppressWarnings("NullAway.Init") // started before each test
class SignedCallbacksTest {
  private static final String JOB = "{\"account\":\"a\"}";
  private static final String FIRST = result("j1", "1");
  private static final String SECOND = result("j1", "2");

  private static RedisServer redis;

  @TempDir private Path folder;
  private ScriptedJobServer jobServer;
  private EachStore stores;

  @BeforeAll
  static void startRedis() throws Exception {
    redis = RedisServer.notSynced();
  }

  @AfterAll
  static void stopRedis() throws Exception {
    redis.close();
  }

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
    jobServer.onStart(start -> start.accept("j1"));
    stores = new EachStore(jobServer, folder, redis);
  }

  @AfterEach
  void stop() throws Exception {
    stores.close();
    jobServer.close();
  }

  private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer)
      throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }

  private static String state(RunningProxy proxy, String job) throws Exception {
    return json(proxy.get("/proxy/jobs/" + job)).getString("state");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void resultIsMatchedByItsIdOnceAndFirstWins(Kind kind) throws Exception {
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      var held = proxy.proxy(JOB);
      assertThat(jobServer.nextStart().callback()).endsWith(proxy.port() + "/proxy/callback");
      awaitStarted(proxy);
      assertThat(status(proxy, "m1", FIRST)).isEqualTo("stored");
      assertThat(await(held).body()).asString().isEqualTo(FIRST);
      assertThat(status(proxy, "m1", FIRST)).isEqualTo("duplicate");
      assertThat(status(proxy, "m1", SECOND)).as("the id was seen").isEqualTo("duplicate");
      assertThat(status(proxy, "m2", FIRST)).as("the bytes were seen").isEqualTo("duplicate");
      HttpResponse<byte[]> conflict = send(proxy, signed(proxy, KEY, "m2", 0, SECOND));
      assertThat(conflict.statusCode()).isEqualTo(409);
      assertThat(status(conflict)).isEqualTo("conflict");
      HttpResponse<byte[]> job = proxy.get("/proxy/jobs/" + header(await(held), "Job-Id"));
      assertThat(job.body()).asString().contains("\"result\":" + FIRST);
      assertThat(json(job).getString("job_server_id")).isEqualTo("j1");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsNotSignedAsItShouldBeChangesNothing(Kind kind) throws Exception {
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      var held = proxy.proxy(JOB);
      awaitStarted(proxy);
      List<HttpRequest.Builder> wrong = new ArrayList<>();
      wrong.add(plain(proxy, FIRST));
      wrong.add(signed(proxy, OTHER_KEY, "m1", 0, FIRST));
      wrong.add(signed(proxy, KEY, "m1", 330, FIRST));
      wrong.add(signed(proxy, KEY, "m1", -330, FIRST));
      for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
        wrong.add(signed(proxy, KEY, "m1", 0, FIRST).setHeader(name, "1"));
      }
      wrong.add(
          signed(proxy, KEY, "m1", 0, FIRST)
              .POST(HttpRequest.BodyPublishers.ofString(FIRST.replace("1", "2"))));
      for (HttpRequest.Builder request : wrong) {
        HttpResponse<byte[]> refused = send(proxy, request);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(header(refused, "WWW-Authenticate")).isNotEmpty();
        assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
      }
      assertThat(held).isNotDone();
      awaitStarted(proxy);
      assertThat(status(proxy, "m1", FIRST)).as("its id was not used up").isEqualTo("stored");
      assertThat(await(held).body()).asString().isEqualTo(FIRST);
      assertThat(send(proxy, signed(proxy, OTHER_KEY, "m9", 0, SECOND)).statusCode())
          .isEqualTo(401);
      assertThat(metric(proxy, "asyncproxy_callbacks_total{result=\"conflict\"}")).isEqualTo("0.0");
      assertThat(metric(proxy, "asyncproxy_callbacks_total{result=\"rejected\"}")).isEqualTo("9.0");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void callbackBeforeTheStartResponseIsTheAnswerAsSoonAsThatComes(Kind kind) throws Exception {
    jobServer.onStart(start -> {});
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      var held = proxy.proxy(JOB);
      Start start = jobServer.nextStart();
      assertThat(status(proxy, "m0", "{\"id\":\"j1\",\"state\":\"running\"}")).isEqualTo("unknown");
      assertThat(status(proxy, "m1", FIRST)).isEqualTo("unknown");
      assertThat(status(proxy, "m1", FIRST)).isEqualTo("unknown");
      assertThat(status(proxy, "m8", result("j8", "8"))).isEqualTo("unknown");
      nextMillisecond();
      assertThat(status(proxy, "m2", SECOND)).isEqualTo("unknown");
      assertThat(held).isNotDone();
      start.accept("j1");
      assertThat(held.get(20, TimeUnit.SECONDS).body()).as("the first").asString().isEqualTo(FIRST);
      assertThat(status(proxy, "m1", SECOND)).as("its message is known").isEqualTo("duplicate");
    }
  }

  /** Callbacks are in the order of their milliseconds. */
  private static void nextMillisecond() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() <= now + 1) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"signature", "none"})
  void startResponseWithoutAnIdIsNonsenseWhereJobsAreFoundByIt(String auth) throws Exception {
    jobServer.onStart(start -> start.answer(200, "{\"state\":\"running\"}"));
    try (RunningProxy proxy = stores.proxy(Kind.MEMORY, auth)) {
      HttpResponse<byte[]> answer = await(proxy.proxy(JOB));
      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(json(answer).getInteger("upstream_status")).isEqualTo(200);
      assertThat(state(proxy, header(answer, "Job-Id"))).isEqualTo("failed");
      jobServer.nextStart();
      assertThat(jobServer.unseenStarts()).as("it may have started").isZero();
    }
  }

  @Test
  void startResponseNeedsNoIdWhereTheUrlNamesTheJob() throws Exception {
    jobServer.onStart(start -> start.answer(200, "{\"state\":\"running\"}"));
    try (RunningProxy proxy = stores.proxy(Kind.MEMORY, "token")) {
      var held = proxy.proxy(JOB);
      proxy.callBack(jobServer.nextStart().callback(), FIRST);
      assertThat(await(held).body()).asString().isEqualTo(FIRST);
    }
  }

  @Test
  void lateResultCompletesAnExpiredJob() throws Exception {
    try (RunningProxy proxy = stores.proxy(Kind.MEMORY, "signature", "job.timeout", "1s")) {
      HttpResponse<byte[]> answer = await(proxy.proxy(JOB));
      assertThat(answer.statusCode()).isEqualTo(504);
      String accepted = "asyncproxy_job_server_requests_total{outcome=\"accepted\"}";
      Eventually.that(() -> assertThat(Callbacks.metric(proxy, accepted)).isEqualTo("1.0"));
      assertThat(state(proxy, header(answer, "Job-Id"))).isEqualTo("expired");
      assertThat(status(proxy, "m1", FIRST)).isEqualTo("stored");
      assertThat(state(proxy, header(answer, "Job-Id"))).isEqualTo("completed");
    }
  }

  @Test
  void progressIsNoResult() throws Exception {
    try (RunningProxy proxy = stores.proxy(Kind.MEMORY, "signature")) {
      var held = proxy.proxy(JOB);
      awaitStarted(proxy);
      assertThat(status(proxy, "m1", "{\"id\":\"j1\",\"state\":\"running\"}"))
          .isEqualTo("progress");
      assertThat(held).isNotDone();
      assertThat(status(proxy, "m2", FIRST)).isEqualTo("stored");
      assertThat(await(held).body()).asString().isEqualTo(FIRST);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "{\"id\":7}"})
  void signedNonsenseIsInvalid(String body) throws Exception {
    try (RunningProxy proxy = stores.proxy(Kind.MEMORY, "signature")) {
      assertThat(send(proxy, signed(proxy, KEY, "m1", 0, body)).statusCode()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "REDIS"})
  void jobsOfBeforeAChangeFromTokensGetTheirResultsByTheirUrls(Kind kind) throws Exception {
    String path;
    String job;
    try (RunningProxy before = stores.proxy(kind, "token")) {
      job = header(await(before.proxy(JOB, "Prefer", "respond-async")), "Job-Id");
      path = URI.create(jobServer.nextStart().callback()).getPath();
    }
    try (RunningProxy after = stores.proxy(kind, "signature")) {
      assertThat(send(after, signed(after, KEY, "m1", 0, FIRST)).body())
          .as("nobody was told that j1 is this job")
          .asString()
          .contains("unknown");
      HttpResponse<byte[]> receipt = after.callBack(after.uri(path).toString(), FIRST);
      assertThat(status(receipt)).isEqualTo("stored");
      assertThat(state(after, job)).isEqualTo("completed");
    }
  }

  @Test
  void anyNodeTakesACallbackEarlyOrNot() throws Exception {
    try (RunningProxy a = stores.proxy(Kind.REDIS, "signature");
        RunningProxy b = stores.proxy(Kind.REDIS, "signature")) {
      var held = a.proxy(JOB);
      awaitStarted(a);
      assertThat(status(b, "m1", FIRST)).isEqualTo("stored");
      assertThat(held.get(20, TimeUnit.SECONDS).body()).asString().isEqualTo(FIRST);
      assertThat(status(a, "m1", FIRST)).isEqualTo("duplicate");

      jobServer.forgetStarts();
      jobServer.onStart(start -> {});
      var early = a.proxy(JOB);
      Start start = jobServer.nextStart();
      assertThat(status(b, "m2", result("j2", "2"))).isEqualTo("unknown");
      start.accept("j2");
      assertThat(early.get(20, TimeUnit.SECONDS).body()).asString().isEqualTo(result("j2", "2"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "REDIS"})
  void manyUnknownCallbacksAtOnceAreAllKept(Kind kind) throws Exception {
    int many = 1_000;
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      List<CompletableFuture<HttpResponse<byte[]>>> receipts = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        if (i >= 64) {
          await(receipts.get(i - 64));
        }
        receipts.add(proxy.send(signed(proxy, KEY, "m" + i, 0, result("x" + i, "x"))));
      }
      for (CompletableFuture<HttpResponse<byte[]>> receipt : receipts) {
        assertThat(status(await(receipt))).isEqualTo("unknown");
      }
    }
    JobStore store = stores.open(kind);
    assertThat(store.notes().count(Note.Kind.EARLY).await(20, TimeUnit.SECONDS)).isEqualTo(many);
    store.close().await(20, TimeUnit.SECONDS);
  }
}
