package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at chosen moments of a job's life, and what the next process makes of it. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set before each test
class CrashMomentsTest {
  private static final String RESULT = "{\"id\":\"4499a6e0c2ef4b98\",\"state\":\"completed\"}";
  private static final Map<String, String> ASYNC = Map.of("Prefer", "respond-async");
  private static final String STORED = "{\"status\":\"stored\"}";

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private ManualJobServer jobServer;
  private ProxyPort proxy;
  private ServeProcess serve;

  @BeforeEach
  void start() throws Exception {
    jobServer = new ManualJobServer(vertx);
    proxy = new ProxyPort(vertx);
  }

  /** An attempt may hang for as long as a test does. */
  private void serve(String... more) throws Exception {
    List<String> settings =
        new ArrayList<>(
            List.of("--job-server-url", jobServer.url(), "--job-server-timeout", "60s"));
    settings.addAll(List.of(more));
    serve = new ServeProcess(proxy, folder, settings);
    serve.start();
  }

  @AfterEach
  void stop() throws Exception {
    serve.close();
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private void killAndRestart() throws Exception {
    serve.kill();
    serve.start();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(30, TimeUnit.SECONDS);
  }

  private Future<Answer> ask(String marker, Map<String, String> headers) {
    JsonObject body = new JsonObject().put("account", "one").put("marker", marker);
    return proxy.post("/proxy", headers, body.encode());
  }

  /** The id of a job that was answered 202. */
  private String submit(String marker) throws Exception {
    Answer answer = await(ask(marker, ASYNC));
    assertThat(answer.status()).isEqualTo(202);
    return answer.job().orElseThrow();
  }

  private JsonObject job(String id) throws Exception {
    Answer answer = await(proxy.get("/proxy/jobs/" + id, Map.of()));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private JsonObject jobOnceItIsNot(String state, String id) throws Exception {
    long began = System.nanoTime();
    JsonObject job = job(id);
    while (job.getString("state").equals(state)) {
      assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(20));
      job = job(id);
    }
    return job;
  }

  private String callBack(ManualJobServer.Start start) throws Exception {
    return await(proxy.post(start.callbackPath(), Map.of(), RESULT)).body();
  }

  private static String state(JsonObject job) {
    return job.getString("state") + " after " + job.getInteger("attempts");
  }

  @Test
  void queuedJobsAreStartedAndTheOneUnderWayIsAwaited() throws Exception {
    serve();
    String underWay = submit("under way");
    ManualJobServer.Start hanging = jobServer.next();
    List<String> queued = List.of(submit("first"), submit("second"), submit("third"));
    assertThat(state(job(queued.getFirst()))).isEqualTo("accepted after 0");
    killAndRestart();

    List<String> started = new ArrayList<>();
    for (int i = 0; i < queued.size(); i++) {
      ManualJobServer.Start start = jobServer.next();
      start.accept();
      started.add(start.marker());
      assertThat(callBack(start)).isEqualTo(STORED);
    }
    assertThat(started).containsExactly("first", "second", "third");
    for (String id : queued) {
      assertThat(state(job(id))).isEqualTo("completed after 1");
    }
    assertThat(state(job(underWay))).isEqualTo("starting after 1");
    assertThat(callBack(hanging)).isEqualTo(STORED);
    assertThat(state(job(underWay))).isEqualTo("completed after 1");
    assertThat(jobServer.unseen()).isZero();
  }

  @Test
  void runningJobsCallbackReachesTheClientThatAsksAgain() throws Exception {
    serve();
    Map<String, String> key = Map.of("Idempotency-Key", "k");
    Future<Answer> cut = ask("held", key);
    ManualJobServer.Start start = jobServer.next();
    start.accept();
    String id =
        await(ask("held", Map.of("Idempotency-Key", "k", "Prefer", "respond-async")))
            .job()
            .orElseThrow();
    assertThat(state(jobOnceItIsNot("starting", id))).isEqualTo("running after 1");
    killAndRestart();
    assertThatThrownBy(() -> await(cut)).isInstanceOf(HttpClosedException.class);

    Future<Answer> again = ask("held", key);
    assertThat(callBack(start)).isEqualTo(STORED);
    assertThat(await(again).body()).isEqualTo(RESULT);
    assertThat(await(again).job()).contains(id);
    killAndRestart();
    assertThat(callBack(start)).isEqualTo("{\"status\":\"duplicate\"}");
    Answer replayed = await(ask("held", key));
    assertThat(replayed.body()).isEqualTo(RESULT);
    assertThat(replayed.header("Idempotency-Replayed")).contains("true");
    assertThat(jobServer.unseen()).isZero();
  }

  @Test
  void idempotentJobServerIsAskedAgainWithTheSameKey() throws Exception {
    serve("--job-server-idempotent", "true");
    String id = submit("unclear");
    ManualJobServer.Start first = jobServer.next();
    killAndRestart();

    ManualJobServer.Start second = jobServer.next();
    assertThat(second.key()).isPresent().isEqualTo(first.key());
    assertThat(second.body()).isEqualTo(first.body());
    second.accept();
    assertThat(state(jobOnceItIsNot("starting", id))).isEqualTo("running after 2");
    assertThat(callBack(first)).isEqualTo(STORED);
    assertThat(state(job(id))).isEqualTo("completed after 2");
    assertThat(jobServer.unseen()).isZero();
  }

  @Test
  void otherJobServerIsNeverAskedAgainAndALateResultStillCounts() throws Exception {
    serve("--job-timeout", "6s", "--hold-timeout", "5s");
    String id = submit("unclear");
    ManualJobServer.Start first = jobServer.next();
    assertThat(first.key()).isEmpty();
    killAndRestart();
    killAndRestart();

    JsonObject job = jobOnceItIsNot("starting", id);
    assertThat(state(job)).isEqualTo("expired after 1");
    assertThat(job.getString("reason")).isEqualTo("unclear");
    assertThat(jobServer.unseen()).isZero();
    assertThat(callBack(first)).isEqualTo(STORED);
    killAndRestart();
    assertThat(state(job(id))).isEqualTo("completed after 1");
  }

  /** Nobody knew whose it was when it came, nor when the process died. */
  @Test
  void callbackThatCameBeforeItsStartWasAnsweredIsNotLost() throws Exception {
    serve("--callback-auth", "none", "--job-server-idempotent", "true");
    String id = submit("early");
    jobServer.next();
    assertThat(await(proxy.post("/proxy/callback", Map.of(), RESULT)).body())
        .isEqualTo("{\"status\":\"unknown\"}");
    killAndRestart();
    jobServer.next().accept();
    long began = System.nanoTime();
    while (!job(id).getString("state").equals("completed")) {
      assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }
    assertThat(job(id).getJsonObject("result").encode()).isEqualTo(RESULT);
  }

  /** A result that is stored is owed to the client's own URL, whoever dies before it is there. */
  @Test
  void deliveryThatIsOwedIsMadeByTheNextProcess() throws Exception {
    serve("--webhook-allow-private", "true");
    int port = new ProxyPort(vertx).port(); // nobody listens there yet
    String body =
        new JsonObject()
            .put("account", "one")
            .put("wait", false)
            .put("callback", "http://127.0.0.1:" + port + "/done")
            .encode();
    assertThat(await(proxy.post("/proxy", Map.of(), body)).status()).isEqualTo(202);
    assertThat(callBack(jobServer.next())).isEqualTo(STORED);
    serve.kill();
    BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
    await(
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            result -> {
                              delivered.add(result.toString());
                              request.response().end();
                            }))
            .listen(port, "127.0.0.1"));
    serve.start();
    // An attempt that was under way is repeated when its lease of 45 s is over.
    assertThat(delivered.poll(45 + 20, TimeUnit.SECONDS)).isEqualTo(RESULT);
  }
}
