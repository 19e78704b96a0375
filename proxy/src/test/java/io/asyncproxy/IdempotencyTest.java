package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of the interface's table about {@code Idempotency-Key}, on both stores. */
@SuppressWarnings("NullAway.Init") // each test starts its own
class IdempotencyTest {
  private static final String JOB = "{\"account\":\"a\"}";
  private static final String RESULT = "{ \"id\":\"1\", \"state\":\"completed\" }";

  @TempDir private Path folder;
  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  private void start(String store) throws Exception {
    jobServer = new ScriptedJobServer();
    String url = store.equals("file:") ? "file:" + folder.resolve("data") : store;
    proxy = RunningProxy.before(jobServer, "store.url", url, "job-server.backoff", "1ms");
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  private CompletableFuture<HttpResponse<byte[]>> post(String body, String... headers) {
    return proxy.proxy(body, headers);
  }

  private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> future)
      throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory:", "file:"})
  void requestInFlightIsAttachedToAndBothGetTheOneResult(String store) throws Exception {
    start(store);
    var first = post(JOB, "Idempotency-Key", "\"k\"");
    String callback = jobServer.nextStart().callback();
    var second = post(JOB, "Idempotency-Key", "k");
    Eventually.that(() -> assertThat(proxy.proxy().held()).isEqualTo(2));
    String asked = "asyncproxy_store_seconds_count{operation=\"accept\"}";
    Eventually.that(() -> assertThat(Callbacks.metric(proxy, asked)).isIn("2", "2.0"));
    proxy.callBack(callback, RESULT);
    assertThat(await(first).body()).asString().isEqualTo(RESULT);
    assertThat(await(second).body()).asString().isEqualTo(RESULT);
    assertThat(header(await(first), "Job-Id")).isEqualTo(header(await(second), "Job-Id"));
    assertThat(header(await(second), "Idempotency-Replayed")).isEmpty();
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory:", "file:"})
  void finishedRequestIsReplayedByteForByte(String store) throws Exception {
    start(store);
    var first = post(JOB, "Idempotency-Key", "k");
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    await(first);
    HttpResponse<byte[]> again = await(post(JOB, "Idempotency-Key", "k"));
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).asString().isEqualTo(RESULT);
    assertThat(header(again, "Idempotency-Replayed")).isEqualTo("true");
    assertThat(header(again, "Job-Id")).isEqualTo(header(await(first), "Job-Id"));
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory:", "file:"})
  void otherBodyIsRefusedEvenIfOnlyASpaceDiffers(String store) throws Exception {
    start(store);
    post(JOB, "Idempotency-Key", "k");
    String callback = jobServer.nextStart().callback();
    HttpResponse<byte[]> other = await(post(JOB + " ", "Idempotency-Key", "k"));
    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(json(other).getString("error")).contains("Idempotency-Key");
    assertThat(jobServer.unseenStarts()).isZero();
    proxy.callBack(callback, RESULT);
  }

  @Test
  void preferenceIsNotPartOfTheRequest() throws Exception {
    start("memory:");
    HttpResponse<byte[]> async =
        await(post(JOB, "Idempotency-Key", "k", "Prefer", "respond-async"));
    assertThat(async.statusCode()).isEqualTo(202);
    HttpResponse<byte[]> again =
        await(post(JOB, "Idempotency-Key", "k", "Prefer", "respond-async"));
    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(header(again, "Job-Id")).isEqualTo(header(async, "Job-Id"));
    var held = post(JOB, "Idempotency-Key", "k");
    Eventually.that(() -> assertThat(proxy.proxy().held()).isEqualTo(1));
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    assertThat(await(held).statusCode()).isEqualTo(200);
  }

  @Test
  void keyOutlivesARestart() throws Exception {
    start("file:");
    var first = post(JOB, "Idempotency-Key", "k");
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    String job = header(await(first), "Job-Id");
    proxy.close();
    proxy = RunningProxy.before(jobServer, "store.url", "file:" + folder.resolve("data"));
    HttpResponse<byte[]> again = await(post(JOB, "Idempotency-Key", "k"));
    assertThat(header(again, "Job-Id")).isEqualTo(job);
    assertThat(again.body()).asString().isEqualTo(RESULT);
  }

  @Test
  void failureBeforeTheJobWasStartedIsNotRemembered() throws Exception {
    start("memory:");
    jobServer.onStart(start -> start.answer(400, "no"));
    HttpResponse<byte[]> refused = await(post(JOB, "Idempotency-Key", "k"));
    assertThat(refused.statusCode()).isEqualTo(502);
    jobServer.nextStart();
    jobServer.onStart(start -> start.accept("1"));
    var again = post(JOB, "Idempotency-Key", "k");
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    assertThat(await(again).statusCode()).isEqualTo(200);
    assertThat(header(await(again), "Job-Id")).isNotEqualTo(header(refused, "Job-Id"));
  }

  @Test
  void failureThatMayHaveStartedTheJobIsReplayed() throws Exception {
    start("memory:");
    jobServer.onStart(start -> start.answer(500, "oops"));
    HttpResponse<byte[]> failed = await(post(JOB, "Idempotency-Key", "k"));
    assertThat(failed.statusCode()).isEqualTo(502);
    HttpResponse<byte[]> again = await(post(JOB, "Idempotency-Key", "k"));
    assertThat(again.statusCode()).isEqualTo(502);
    assertThat(header(again, "Idempotency-Replayed")).isEqualTo("true");
    assertThat(header(again, "Job-Id")).isEqualTo(header(failed, "Job-Id"));
  }
}
