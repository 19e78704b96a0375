package io.asyncproxy;

import static io.asyncproxy.Callbacks.metric;
import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.delivery.Resolver;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Result;
import io.asyncproxy.job.Submission;
import io.asyncproxy.signature.WebhookKey;
import io.asyncproxy.signature.WebhookVerifier;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.embedded.EmbeddedJobStore;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results delivered to the client's own URL, over HTTP. */
@SuppressWarnings("NullAway.Init") // started before each test
class DeliveriesTest {
  /** An attempt that was cut off is repeated when its lease of 45 s is over. */
  private static final Duration LONGEST = Duration.ofSeconds(45 + 20);

  private static final String RESULT = "{\"id\":\"1\", \"state\":\"completed\"}";
  private static final String SECRET = "whsec_" + "c2VjcmV0".repeat(4);

  private record Message(MultiMap headers, String path, String body) {}

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private final List<Integer> statuses = new CopyOnWriteArrayList<>();
  private final List<String> resolved = new CopyOnWriteArrayList<>();
  private static final String SILENCE = "";
  private final List<String> addresses = new CopyOnWriteArrayList<>(List.of("127.0.0.1"));

  /** How many milliseconds the client takes for each. */
  private volatile long slowness;

  private HttpServer client;
  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
    listen(0);
  }

  private void listen(int port) throws Exception {
    client =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> receive(request, body)))
            .listen(port, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  private void receive(HttpServerRequest request, Buffer body) {
    if (slowness > 0) {
      vertx.setTimer(slowness, _ -> answer(request, body));
    } else {
      answer(request, body);
    }
  }

  private void answer(HttpServerRequest request, Buffer body) {
    int status = statuses.isEmpty() ? 204 : statuses.removeFirst();
    request
        .response()
        .setStatusCode(status)
        .putHeader("Location", "/elsewhere")
        .putHeader("Retry-After", "1")
        .end();
    messages.add(
        new Message(
            MultiMap.caseInsensitiveMultiMap().addAll(request.headers()),
            request.uri(),
            body.toString()));
  }

  private void proxy(String... settings) throws Exception {
    Map<String, String> flags = new HashMap<>();
    flags.put("job-server.url", jobServer.url());
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    proxy = new RunningProxy(flags, Optional.of(resolver()));
  }

  /** Each time it is asked it goes on to the next address, and stays at the last one. */
  private Resolver resolver() {
    return host -> {
      resolved.add(host);
      String address = addresses.size() > 1 ? addresses.removeFirst() : addresses.getFirst();
      if (address.equals(SILENCE)) {
        return Promise.<List<InetAddress>>promise().future();
      }
      List<InetAddress> found = new ArrayList<>();
      for (String one : address.split(",")) {
        found.add(InetAddress.ofLiteral(one));
      }
      return Future.succeededFuture(found);
    };
  }

  @AfterEach
  void stop() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    jobServer.close();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer)
      throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }

  private String url() {
    return "http://client.example:" + client.actualPort() + "/done?x=1";
  }

  private HttpResponse<byte[]> submit(String url, String... headers) throws Exception {
    JsonObject body = new JsonObject().put("account", "a").put("wait", false).put("callback", url);
    return await(proxy.proxy(body.encode(), headers));
  }

  private Message message() throws Exception {
    Message message = messages.poll(LONGEST.toSeconds(), TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing was delivered within " + LONGEST.toSeconds() + " s");
    }
    return message;
  }

  private HttpResponse<byte[]> admin(String method, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + path);
    return await(
        proxy.send(
            HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody())));
  }

  private JsonArray letters(String query) throws Exception {
    return json(admin("GET", "/admin/dead-letters" + query)).getJsonArray("items");
  }

  @Test
  void resultIsDeliveredByteForByteAndSigned() throws Exception {
    proxy("webhook.allow-private", "true", "webhook.secret", SECRET);
    HttpResponse<byte[]> accepted = submit(url());
    assertThat(accepted.statusCode()).isEqualTo(202);
    var start = jobServer.nextStart();
    assertThat(start.callback()).contains("/proxy/callback/");
    proxy.callBack(start.callback(), RESULT);
    Message message = message();
    assertThat(message.body()).isEqualTo(RESULT);
    assertThat(message.path()).isEqualTo("/done?x=1");
    assertThat(message.headers().get("Host")).isEqualTo("client.example:" + client.actualPort());
    assertThat(message.headers().get("Content-Type")).isEqualTo("application/json");
    assertThat(message.headers().get("Job-Id")).isEqualTo(header(accepted, "Job-Id"));
    WebhookVerifier verifier = new WebhookVerifier(List.of(WebhookKey.parse(SECRET)));
    assertThat(
            verifier.refusal(
                message.headers().get("webhook-id"),
                message.headers().get("webhook-timestamp"),
                message.headers().get("webhook-signature"),
                message.body().getBytes(UTF_8),
                Instant.now()))
        .isEmpty();
    assertThat(messages.poll(2, TimeUnit.SECONDS)).isNull(); // once is enough
    assertThat(letters("")).isEmpty();
  }

  @Test
  void failedDeliveriesAreRepeatedWithTheSameIdAndRedirectsAreFailures() throws Exception {
    proxy("webhook.allow-private", "true");
    statuses.addAll(List.of(302, 500));
    submit(url());
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    String id = message().headers().get("webhook-id");
    for (int i = 0; i < 2; i++) {
      Message again = message();
      assertThat(again.path()).isEqualTo("/done?x=1");
      assertThat(again.headers().get("webhook-id")).isEqualTo(id);
      assertThat(again.body()).isEqualTo(RESULT);
    }
    assertThat(statuses).isEmpty();
  }

  @Test
  void resultThatWasNotDeliveredWhileNoProxyRanIsThoughItsJobIsNotKeptAnyMore(@TempDir Path folder)
      throws Exception {
    Instant before = Instant.now().minus(Duration.ofDays(3));
    JobId id = JobId.create(before.toEpochMilli(), new Random(1));
    JobStore store = EmbeddedJobStore.open(folder, InstantSource.system(), _ -> {});
    await(
        store
            .notes()
            .put(
                new Note(
                    Note.Kind.DELIVERY,
                    id,
                    id.toString(),
                    before,
                    Note.content(new JsonObject().put("url", url())))));
    byte[] body = "{\"account\":\"a\"}".getBytes(UTF_8);
    Submission submission = new Submission(id, "a", body, before, Optional.empty());
    await(store.accept(Job.starting(submission, before)));
    Result result = new Result(RESULT.getBytes(UTF_8), false);
    Instant forgotten = before.plus(Duration.ofDays(1));
    await(store.apply(id, new Change.Finish(result, before, forgotten)));
    await(store.close());
    proxy("webhook.allow-private", "true", "store.url", "file:" + folder);
    assertThat(message().body()).isEqualTo(RESULT);
    Eventually.that(() -> assertThat(proxy.get("/proxy/jobs/" + id).statusCode()).isEqualTo(404));
  }

  /** Eight at once, and as many as that may wait for: what is not sent is no attempt. */
  @Test
  void manyResultsForOneHostAreAllDeliveredAndNoneFails() throws Exception {
    proxy("webhook.allow-private", "true", "job-server.connections-per-account", "100");
    slowness = 200;
    int many = 400;
    for (int i = 0; i < many; i++) {
      submit(url());
    }
    for (int i = 0; i < many; i++) {
      proxy.callBack(jobServer.nextStart().callback(), RESULT);
    }
    Set<String> delivered = new HashSet<>();
    while (delivered.size() < many) {
      delivered.add(message().headers().get("Job-Id"));
    }
    assertThat(metric(proxy, "asyncproxy_deliveries_total{result=\"failed\"}")).isIn("", "0.0");
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }

  @Test
  void whoSaysGoneIsLeftAloneAndTheResultIsADeadLetterThatCanBeSentAgain() throws Exception {
    proxy("webhook.allow-private", "true");
    statuses.add(410);
    String job = header(submit(url()), "Job-Id");
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    message();
    Eventually.that(() -> assertThat(letters("")).hasSize(1));
    JsonObject letter = letters("?reason=undelivered").getJsonObject(0);
    assertThat(letter.getString("id")).isEqualTo(job);
    assertThat(letter.getString("error")).contains("410");
    assertThat(json(admin("GET", "/admin/dead-letters/" + job)).getString("url")).isEqualTo(url());
    assertThat(messages.poll(3, TimeUnit.SECONDS)).isNull();
    assertThat(admin("POST", "/admin/dead-letters/" + job + "/replay").statusCode()).isEqualTo(201);
    assertThat(message().body()).isEqualTo(RESULT);
    Eventually.that(() -> assertThat(letters("")).isEmpty());
  }

  @Test
  void undeliveredResultOutlivesItsJobAndCanBeSentAgain() throws Exception {
    proxy("webhook.allow-private", "true", "job.retention", "1s");
    statuses.addAll(List.of(410, 500));
    HttpResponse<byte[]> accepted = submit(url());
    String job = header(accepted, "Job-Id");
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    Message first = message();
    Eventually.that(() -> assertThat(letters("?reason=undelivered")).hasSize(1));
    Eventually.that(() -> assertThat(proxy.get("/proxy/jobs/" + job).statusCode()).isEqualTo(404));
    assertThat(json(admin("GET", "/admin/dead-letters/" + job)).getString("payload"))
        .isEqualTo(RESULT);

    replay(job); // the next answer is 500: it is a dead letter again
    assertThat(message().body()).isEqualTo(RESULT);
    Eventually.that(() -> assertThat(letters("?reason=undelivered")).hasSize(1));
    replay(job);
    Message last = message();
    assertThat(last.body()).isEqualTo(RESULT);
    assertThat(last.headers().get("webhook-id")).isEqualTo(first.headers().get("webhook-id"));
    Eventually.that(() -> assertThat(letters("")).isEmpty());
  }

  private void replay(String job) throws Exception {
    HttpResponse<byte[]> replay = admin("POST", "/admin/dead-letters/" + job + "/replay");
    assertThat(replay.statusCode()).isEqualTo(201);
  }

  @Test
  void deliveryThatAStoppedProxyOwesIsMadeByTheNextOne(@TempDir Path directory) throws Exception {
    String store = "file:" + directory;
    proxy("webhook.allow-private", "true", "store.url", store);
    statuses.addAll(Collections.nCopies(1_000, 503));
    submit(url());
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    message();
    proxy.close();
    statuses.clear();
    messages.clear();
    proxy("webhook.allow-private", "true", "store.url", store);
    assertThat(message().body()).isEqualTo(RESULT);
  }

  @Test
  void clientIsToldThatItsJobWasGivenUpAndOfAResultThatComesAfterAll() throws Exception {
    proxy("webhook.allow-private", "true", "job.timeout", "1s");
    String job = header(submit(url()), "Job-Id");
    String callback = jobServer.nextStart().callback();
    Message first = message();
    assertThat(new JsonObject(first.body()).getString("state")).isEqualTo("expired");
    assertThat(new JsonObject(first.body()).getString("id")).isEqualTo(job);
    proxy.callBack(callback, RESULT);
    Message second = message();
    assertThat(second.body()).isEqualTo(RESULT);
    assertThat(second.headers().get("webhook-id")).isNotEqualTo(first.headers().get("webhook-id"));
  }

  @Test
  void resultOfARepeatedJobGoesWhereThatOfTheFirstOneWasToGo() throws Exception {
    proxy("webhook.allow-private", "true");
    jobServer.onStart(start -> start.answer(418, ""));
    String job = header(submit(url()), "Job-Id");
    jobServer.nextStart();
    assertThat(new JsonObject(message().body()).getString("state")).isEqualTo("failed");
    jobServer.onStart(start -> start.accept("1"));
    String replay = "/admin/dead-letters/" + job + "/replay";
    String again = json(admin("POST", replay)).getString("id");
    assertThat(json(admin("POST", replay)).getString("id")).isEqualTo(again);
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    Message message = message();
    assertThat(message.headers().get("Job-Id")).isEqualTo(again);
    assertThat(message.body()).isEqualTo(RESULT);
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @Test
  void sameRequestAgainIsDeliveredOnce() throws Exception {
    proxy("webhook.allow-private", "true");
    submit(url(), "Idempotency-Key", "k");
    submit(url(), "Idempotency-Key", "k");
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    message();
    assertThat(messages.poll(7, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void cancelledJobIsNotDelivered() throws Exception {
    proxy("webhook.allow-private", "true");
    HttpResponse<byte[]> accepted = submit(url());
    jobServer.nextStart();
    assertThat(proxy.delete(header(accepted, "Location")).statusCode()).isEqualTo(204);
    assertThat(messages.poll(7, TimeUnit.SECONDS)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fe80::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "93.184.216.34,10.0.0.1"
      })
  void privateAddressIsRefusedAtOnceWithOneAnswer(String address) throws Exception {
    proxy();
    addresses.set(0, address);
    HttpResponse<byte[]> refused = submit(url());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).getString("error"))
        .isEqualTo(
            "Invalid callback: it must be an http or https URL of a public host, without a login");
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://client.example/",
        "http://user:pass@client.example/",
        "http:///x",
        "http://client.example:99999/",
        "client.example",
        "http://client.example/#x",
        "file:///etc/passwd",
        "http://exa mple/"
      })
  void whatIsNoUrlForResultsIsRefused(String url) throws Exception {
    proxy("webhook.allow-private", "true");
    assertThat(submit(url).statusCode()).isEqualTo(400);
    assertThat(resolved).isEmpty();
  }

  @Test
  void callbackIsOnlyForClientsThatDoNotWait() throws Exception {
    proxy("webhook.allow-private", "true");
    JsonObject body = new JsonObject().put("account", "a").put("callback", url());
    assertThat(await(proxy.proxy(body.encode())).statusCode()).isEqualTo(400);
  }

  /** DNS rebinding: the name is public when it is checked, and ours when it is used. */
  @Test
  void slowNameServerRefusesNobody() throws Exception {
    addresses.addFirst(SILENCE);
    proxy("webhook.allow-private", "true");
    assertThat(submit(url()).statusCode()).isEqualTo(202);
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    assertThat(message().body()).isEqualTo(RESULT);
  }

  @Test
  void nameThatMeansAnotherAddressLaterIsCheckedAgain() throws Exception {
    proxy();
    addresses.set(0, "93.184.216.34");
    addresses.add("127.0.0.1");
    assertThat(submit(url()).statusCode()).isEqualTo(202);
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    Eventually.that(() -> assertThat(resolved).hasSizeGreaterThan(1));
    assertThat(messages.poll(2, TimeUnit.SECONDS)).isNull();
  }
}
