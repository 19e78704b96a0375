package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedApi.Answer;
import io.asyncproxy.signature.WebhookKey;
import io.asyncproxy.signature.WebhookMessage;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How results come back: proven, by URL or by id, fetched, and asked for. */
class RouteCallbacksTest extends RouteFixture {
  private static final String DONE = "{\"id\":\"j1\",\"state\":\"done\"}";
  private static final String SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS13ZWJob29rcy0xMjM0";

  private String startedAt(String auth) throws Exception {
    variable("SECRET", "s3cret, old");
    variable("WEBHOOK", SECRET);
    start(
        """
        routes:
          jobs:
            start: {url: "${API}/jobs", callback: "body:/hook"}
            callback:
              auth: %s
              id: body:/id
              state: body:/state
              completed: [done]
        """
            .formatted(auth));
    post("/jobs", "{}");
    return api.next().json().getString("hook");
  }

  private static byte[] mac(String algorithm, String secret, String text) throws Exception {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), algorithm));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  private static String now() {
    return Long.toString(Instant.now().getEpochSecond());
  }

  @Test
  void hmacOfTheBodyIsNeeded() throws Exception {
    String url = startedAt("{type: hmac, header: X-Sig, prefix: 'sha256=', secret: '${SECRET}'}");
    String good = "sha256=" + HexFormat.of().formatHex(mac("HmacSHA256", "old", DONE));
    assertThat(callBack(url, DONE).statusCode()).isEqualTo(401);
    assertThat(callBack(url, DONE, "X-Sig", good.substring(7)).statusCode()).isEqualTo(401);
    assertThat(callBack(url, DONE, "X-Sig", good.replace(good.charAt(20), 'x')).statusCode())
        .isEqualTo(401);
    assertThat(callBack(url, DONE + " ", "X-Sig", good).statusCode()).isEqualTo(401);
    assertThat(callBack(url, DONE, "X-Sig", good).statusCode()).isEqualTo(200);
  }

  @Test
  void hmacWithTimeAndElementsIsNeeded() throws Exception {
    String url =
        startedAt(
            "{type: hmac, header: X-Sig, element: v1, timestamp: 'element:t', algorithm: sha512,"
                + " encoding: base64, secret: '${SECRET}'}");
    String time = now();
    String good =
        Base64.getEncoder().encodeToString(mac("HmacSHA512", "s3cret", time + '.' + DONE));
    String old = Long.toString(Instant.now().getEpochSecond() - 400);
    String stale =
        Base64.getEncoder().encodeToString(mac("HmacSHA512", "s3cret", old + '.' + DONE));
    assertThat(callBack(url, DONE, "X-Sig", "t=" + old + ",v1=" + stale).statusCode())
        .isEqualTo(401);
    assertThat(callBack(url, DONE, "X-Sig", "t=" + old + ",v1=" + good).statusCode())
        .isEqualTo(401);
    assertThat(callBack(url, DONE, "X-Sig", "v1=" + good).statusCode()).isEqualTo(401);
    assertThat(callBack(url, DONE, "X-Sig", "t=" + time + ", v0=x, v1=" + good).statusCode())
        .isEqualTo(200);
  }

  @Test
  void standardWebhooksSignatureIsNeeded() throws Exception {
    String url = startedAt("{type: standard-webhooks, secret: '${WEBHOOK}'}");
    WebhookMessage message = new WebhookMessage("m1", now(), DONE.getBytes(UTF_8));
    String signature = message.signedBy(List.of(WebhookKey.parse(SECRET)));
    String[] headers = {
      "webhook-id", "m1", "webhook-timestamp", message.timestamp(), "webhook-signature", signature
    };
    assertThat(callBack(url, DONE).statusCode()).isEqualTo(401);
    assertThat(callBack(url, DONE.replace("done", "DONE"), headers).statusCode()).isEqualTo(401);
    assertThat(json(callBack(url, DONE, headers)).getString("status")).isEqualTo("stored");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: bearer, token: '${SECRET}'}|Authorization|Bearer old",
        "{type: basic, user: me, password: '${SECRET}'}|Authorization|Basic bWU6czNjcmV0",
        "{type: header, header: X-Secret, value: '${SECRET}'}|x-secret|s3cret"
      })
  void secretHeaderIsNeeded(String row) throws Exception {
    String[] parts = row.split("\\|");
    String url = startedAt(parts[0]);
    assertThat(callBack(url, DONE).statusCode()).isEqualTo(401);
    assertThat(callBack(url, DONE, parts[1], parts[2] + "x").statusCode()).isEqualTo(401);
    assertThat(callBack(url, DONE, parts[1], parts[2]).statusCode()).isEqualTo(200);
  }

  private static final String BY_ID =
      """
      routes:
        fixed:
          start: {url: "${API}/jobs"}
          answer: {id: "body:/ticket"}
          callback:
            find-by: id
            auth: {type: bearer, token: "${SECRET}"}
            id: form:ticket
            state: form:state
            progress: [working]
            failed: [broken]
      """;

  private HttpResponse<byte[]> form(String text) throws Exception {
    String url = proxy.uri("/proxy/callback/fixed").toString();
    return callBack(
        url,
        text.getBytes(UTF_8),
        "Content-Type",
        "application/x-www-form-urlencoded",
        "Authorization",
        "Bearer s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory:", "file:"})
  void callbackByIdMayOvertakeTheAnswerThatNamesIt(String store) throws Exception {
    variable("SECRET", "s3cret");
    setting("store.url", store.equals("file:") ? store + folder.resolve("data") : store);
    start(BY_ID);
    api.on(
        _ -> {
          try {
            assertThat(json(form("ticket=12&state=working")).getString("status"))
                .isEqualTo("unknown");
            assertThat(json(form("ticket=12&state=done&x=%C3%A4")).getString("status"))
                .isEqualTo("unknown");
          } catch (Exception failure) {
            throw new AssertionError(failure);
          }
          return Answer.json(200, "{\"ticket\":12}");
        });
    HttpResponse<byte[]> answer = get(post("/fixed", "{}"));
    assertThat(answer.body()).asString().isEqualTo("ticket=12&state=done&x=%C3%A4");
    assertThat(header(answer, "Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(api.next().text()).isEqualTo("{}");
  }

  @Test
  void fixedUrlNeedsItsProofAndAnIdAndKnowsItsOwnJobsOnly() throws Exception {
    variable("SECRET", "s3cret");
    start(BY_ID + BY_ID.substring(BY_ID.indexOf("  fixed:")).replace("fixed", "second"));
    api.on(_ -> Answer.json(200, "{\"ticket\":12}"));
    var held = post("/second", "{}");
    api.next();
    Callbacks.awaitStarted(proxy);
    assertThat(form("state=done").statusCode()).isEqualTo(400);
    assertThat(json(form("ticket=12&state=done")).getString("status")).isEqualTo("unknown");
    String second = proxy.uri("/proxy/callback/second").toString();
    assertThat(callBack(second, "ticket=12".getBytes(UTF_8)).statusCode()).isEqualTo(401);
    assertThat(
            json(callBack(
                    second,
                    "ticket=12&state=broken".getBytes(UTF_8),
                    "Authorization",
                    "Bearer s3cret"))
                .getString("status"))
        .isEqualTo("stored");
    String job = header(get(held), "Job-Id");
    assertThat(json(proxy.get("/proxy/jobs/" + job)).getString("state")).isEqualTo("failed");
  }

  private static final String FETCHED =
      """
      routes:
        texts:
          start:
            url: ${API}/transcripts
            headers: {X-Key: "${SECRET}"}
            callback: body:/hook
          answer: {id: "body:/id"}
          callback:
            id: body:/transcript_id
            state: body:/status
            completed: [completed]
            failed: [error]
          result: {url: "%s", part: "body:/text"}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"${API}/transcripts/{id}", "body:/links/self"})
  void resultIsFetchedBeforeTheCallbackIsAcknowledged(String where) throws Exception {
    variable("SECRET", "s3cret");
    start(FETCHED.formatted(where));
    var held = post("/texts", "{}");
    String hook = api.next().json().getString("hook");
    AtomicInteger fetches = new AtomicInteger();
    api.on(
        _ ->
            fetches.incrementAndGet() == 1
                ? Answer.empty(500)
                : Answer.json(200, "{\"status\":\"completed\",\"text\": [\"a\", 1.0]}"));
    String done =
        "{\"transcript_id\":\"j1\",\"status\":\"completed\",\"links\":{\"self\":\"%s\"}}"
            .formatted(api.url() + "/transcripts/j1");
    HttpResponse<byte[]> notYet = callBack(hook, done);
    assertThat(notYet.statusCode()).isEqualTo(503);
    assertThat(header(notYet, "Retry-After")).isNotEmpty();
    assertThat(get(held).body()).asString().isEqualTo("[\"a\", 1.0]"); // although nobody came again
    assertThat(api.next().uri()).isEqualTo("/transcripts/j1");
    assertThat(api.next().header("X-Key")).isEqualTo("s3cret");
    assertThat(json(callBack(hook, done)).getString("status")).isEqualTo("duplicate");
  }

  @Test
  void resultIsNotFetchedFromWhereTheRouteDoesNotSay() throws Exception {
    variable("SECRET", "s3cret");
    start(FETCHED.formatted("body:/url"));
    post("/texts", "{}");
    String hook = api.next().json().getString("hook");
    try (ScriptedApi stranger = new ScriptedApi()) {
      String done =
          "{\"transcript_id\":\"j1\",\"status\":\"completed\",\"url\":\"%s/x\"}"
              .formatted(stranger.url());
      assertThat(callBack(hook, done).statusCode()).isEqualTo(400);
      assertThat(stranger.waiting()).isZero();
    }
  }

  @Test
  void lostCallbackIsAskedFor() throws Exception {
    start(
        """
        routes:
          asked:
            start: {url: "${API}/jobs", callback: "query:hook"}
            answer: {id: "body:/id"}
            callback: {state: "body:/state", completed: [done], failed: [bad], result: "body:/out"}
            status: {url: "${API}/jobs/{id}", every: 200ms}
        """);
    AtomicInteger asked = new AtomicInteger();
    api.on(
        request ->
            request.method().equals("POST")
                ? Answer.json(200, "{\"id\":\"a b\"}")
                : asked.incrementAndGet() == 1
                    ? Answer.json(200, "{\"state\":\"busy\",\"percent\":50}")
                    : Answer.json(200, "{\"state\":\"done\",\"out\":{\"x\":1}}"));
    HttpResponse<byte[]> answer = get(post("/asked", "{}"));
    assertThat(answer.body()).asString().isEqualTo("{\"x\":1}");
    api.next();
    assertThat(api.next().uri()).isEqualTo("/jobs/a%20b");
    String job = header(answer, "Job-Id");
    assertThat(
            json(proxy.get("/proxy/jobs/" + job)).getJsonObject("progress").getInteger("percent"))
        .isEqualTo(50);
  }

  @Test
  void progressThatComesAfterTheEndDoesNotHideWhereTheResultIs() throws Exception {
    variable("SECRET", "s3cret");
    start(
        FETCHED
            .formatted("body:/url")
            .replace("failed: [error]", "failed: [error]\n      progress: [busy]"));
    var held = post("/texts", "{}");
    String hook = api.next().json().getString("hook");
    CountDownLatch ready = new CountDownLatch(1);
    api.on(
        _ ->
            ready.getCount() > 0
                ? Answer.empty(500)
                : Answer.json(200, "{\"status\":\"completed\",\"text\":7}"));
    String done =
        "{\"transcript_id\":\"j1\",\"status\":\"completed\",\"url\":\"%s/t?key=s3\"}"
            .formatted(api.url());
    assertThat(callBack(hook, done).statusCode()).isEqualTo(503);
    callBack(hook, "{\"transcript_id\":\"j1\",\"status\":\"busy\"}");
    ready.countDown();
    assertThat(get(held).body()).asString().isEqualTo("7");
    String job = header(get(held), "Job-Id");
    assertThat(proxy.get("/proxy/jobs/" + job).body()).asString().doesNotContain("key=s3");
  }

  @Test
  void resultToFetchMayOvertakeTheAnswerThatNamesItsJob() throws Exception {
    variable("SECRET", "s3cret");
    start(BY_ID + "    result: {url: \"${API}/results/{id}\", part: \"body:/x\"}\n");
    api.on(
        asked -> {
          if (asked.method().equals("GET")) {
            return Answer.json(200, "{\"x\":[1]}");
          }
          try {
            assertThat(json(form("ticket=12&state=done")).getString("status")).isEqualTo("unknown");
          } catch (Exception failure) {
            throw new AssertionError(failure);
          }
          return Answer.json(200, "{\"ticket\":12}");
        });
    assertThat(get(post("/fixed", "{}")).body()).asString().isEqualTo("[1]");
  }

  @Test
  void secretsGoToTheApiAloneThoughResultsMayBeElsewhere() throws Exception {
    variable("SECRET", "s3cret");
    start(FETCHED.formatted("body:/url").replace("part:", "hosts: [LOCALHOST], part:"));
    var held = post("/texts", "{}");
    String hook = api.next().json().getString("hook");
    try (ScriptedApi bucket = new ScriptedApi()) {
      bucket.on(_ -> Answer.json(200, "{\"text\":7}"));
      String url = bucket.url().replace("127.0.0.1", "localhost");
      String done =
          "{\"transcript_id\":\"j1\",\"status\":\"completed\",\"url\":\"%s/t\"}".formatted(url);
      assertThat(callBack(hook, done).statusCode()).isEqualTo(200);
      assertThat(bucket.next().header("X-Key")).isEmpty();
    }
    assertThat(get(held).body()).asString().isEqualTo("7");
  }
}
