package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input of every kind gets its 4xx with a clear error, and never reaches the job server. */
class BadInputTest {
  private static ScriptedJobServer jobServer;
  private static RunningProxy proxy;

  @BeforeAll
  static void start() throws Exception {
    jobServer = new ScriptedJobServer();
    proxy = RunningProxy.before(jobServer, "body.max", "1KiB");
  }

  @AfterAll
  static void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  /** A request and what is said of it. */
  record Bad(String method, String path, String body, String[] headers, int status, String error) {
    static Bad post(String body, int status, String error, String... headers) {
      return new Bad("POST", "/proxy", body, headers, status, error);
    }

    static Bad on(String method, String path, int status, String error) {
      return new Bad(method, path, "", new String[0], status, error);
    }

    @Override
    public String toString() {
      return "%s %s %s -> %d %s".formatted(method, path, body, status, error);
    }
  }

  static Stream<Bad> bad() {
    String ok = "{\"account\":\"a\"}";
    return Stream.of(
        Bad.post("", 400, "Invalid JSON"),
        Bad.post(" ", 400, "Invalid JSON"),
        Bad.post("{", 400, "Invalid JSON"),
        Bad.post("}", 400, "Invalid JSON"),
        Bad.post("account=a", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"a\"", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"a\"}}", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"a\"} x", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"a\",}", 400, "Invalid JSON"),
        Bad.post("{account:\"a\"}", 400, "Invalid JSON"),
        Bad.post("{'account':'a'}", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"a\u0001\"}", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"\\x\"}", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"a\",\"n\":01}", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"a\",\"n\":NaN}", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"a\",\"n\":1 2}", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"a\",\"n\":tru}", 400, "Invalid JSON"),
        Bad.post("{\"account\":\"a\"}\u0000", 400, "Invalid JSON"),
        Bad.post("\u0000{\u0000}", 400, "Invalid JSON"),
        Bad.post("[".repeat(300) + "]".repeat(300), 400, "Invalid JSON: nested more than 200 deep"),
        Bad.post("[]", 400, "The body must be a JSON object"),
        Bad.post("[{\"account\":\"a\"}]", 400, "The body must be a JSON object"),
        Bad.post("null", 400, "The body must be a JSON object"),
        Bad.post("\"account\"", 400, "The body must be a JSON object"),
        Bad.post("42", 400, "The body must be a JSON object"),
        Bad.post("true", 400, "The body must be a JSON object"),
        Bad.post("{}", 400, "Missing account"),
        Bad.post("{\"Account\":\"a\"}", 400, "Missing account"),
        Bad.post("{\"a\":{\"account\":\"a\"}}", 400, "Missing account"),
        Bad.post("{\"account\":null}", 400, "Missing account"),
        Bad.post("{\"account\":\"\"}", 400, "Missing account"),
        Bad.post("{\"account\":1}", 400, "Invalid account: it must be a string"),
        Bad.post("{\"account\":true}", 400, "Invalid account: it must be a string"),
        Bad.post("{\"account\":[\"a\"]}", 400, "Invalid account: it must be a string"),
        Bad.post("{\"account\":{}}", 400, "Invalid account: it must be a string"),
        Bad.post(
            "{\"account\":\"" + "x".repeat(257) + "\"}",
            400,
            "Invalid account: at most 256 characters"),
        Bad.post(
            "{\"account\":\"\\ud800\"}", 400, "Invalid account: it holds characters that are none"),
        Bad.post(
            "{\"account\":\"a\\u0000\"}",
            400,
            "Invalid account: it holds characters that are none"),
        Bad.post(
            "{\"account\":\"a\",\"account\":\"b\"}", 400, "The member `account` is given twice"),
        Bad.post("{\"account\":\"a\",\"wait\":1}", 400, "Invalid wait: it must be true or false"),
        Bad.post(
            "{\"account\":\"a\",\"wait\":null}", 400, "Invalid wait: it must be true or false"),
        Bad.post(
            "{\"account\":\"a\",\"wait\":\"true\"}", 400, "Invalid wait: it must be true or false"),
        Bad.post(
            "{\"account\":\"a\",\"callback\":\"http://x/\"}",
            400,
            "Invalid callback: only with \"wait\":false"),
        Bad.post(ok, 400, "Invalid Idempotency-Key: empty", "Idempotency-Key", "\"\""),
        Bad.post(
            ok,
            400,
            "Invalid Idempotency-Key: longer than 255 characters",
            "Idempotency-Key",
            "k".repeat(256)),
        Bad.post(
            ok,
            400,
            "Invalid Idempotency-Key: given more than once",
            "Idempotency-Key",
            "a",
            "Idempotency-Key",
            "b"),
        Bad.post(
            ok,
            415,
            "Unsupported Content-Type: send application/json",
            "Content-Type",
            "application/x-www-form-urlencoded"),
        Bad.post(
            ok,
            415,
            "Unsupported Content-Type: send application/json",
            "Content-Type",
            "text/json"),
        Bad.post(
            ok,
            415,
            "Unsupported Content-Type: send application/json",
            "Content-Type",
            "application/json; charset=utf-16"),
        Bad.post(
            ok,
            415,
            "Unsupported Content-Encoding: send the body as it is",
            "Content-Encoding",
            "gzip"),
        Bad.post(
            "{\"account\":\"" + "x".repeat(1024) + "\"}",
            413,
            "Body too large: at most 1024 bytes"),
        Bad.on("GET", "/proxy", 405, "Method not allowed"),
        Bad.on("PUT", "/proxy", 405, "Method not allowed"),
        Bad.on("DELETE", "/proxy", 405, "Method not allowed"),
        Bad.on("POST", "/health", 405, "Method not allowed"),
        Bad.on("GET", "/proxy/callback/x", 405, "Method not allowed"),
        Bad.on("GET", "/", 404, "Not found"),
        Bad.on("GET", "/proxy/", 404, "Not found"),
        Bad.on("GET", "/metrics", 404, "Not found"),
        Bad.on("GET", "/proxy/jobs/", 404, "No such job"),
        Bad.on("GET", "/proxy/jobs/x", 404, "No such job"),
        Bad.on("POST", "/proxy/jobs/x", 405, "Method not allowed"),
        Bad.on("GET", "/proxy/jobs/01A20A5A-F2A8-73C5-A957-1A76F61FE134", 404, "No such job"),
        Bad.on("GET", "/proxy/jobs/01a20a5a-f2a8-73c5-a957-1a76f61fe134", 404, "No such job"),
        Bad.on("DELETE", "/proxy/jobs/01a20a5a-f2a8-73c5-a957-1a76f61fe134", 404, "No such job"),
        Bad.on(
            "PUT", "/proxy/jobs/01a20a5a-f2a8-73c5-a957-1a76f61fe134", 405, "Method not allowed"),
        Bad.on("POST", "/proxy/callback", 401, "Missing callback token"),
        Bad.on("POST", "/proxy/callback/", 401, "Unknown callback token"),
        Bad.on("POST", "/proxy/callback/..%2f", 401, "Unknown callback token"),
        Bad.on("POST", "/proxy/callback/" + "A".repeat(44), 401, "Unknown callback token"),
        Bad.on("POST", "/proxy/callback/" + "-".repeat(4000), 401, "Unknown callback token"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void isAnsweredWithAClearError(Bad bad) throws Exception {
    HttpResponse<byte[]> answer =
        proxy
            .send(
                proxy
                    .request(bad.path(), bad.headers())
                    .method(bad.method(), BodyPublishers.ofString(bad.body())))
            .get(20, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(bad.status());
    assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(json(answer).getString("error")).isEqualTo(bad.error());
    assertThat(json(answer).getInteger("status")).isEqualTo(bad.status());
    assertThat(json(answer).getString("title")).isNotEmpty();
    assertThat(json(answer).getString("type")).startsWith("urn:async-proxy:problem:");
    assertThat(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
        .doesNotContain("Exception", "\\tat ");
    if (bad.status() == 405) {
      assertThat(header(answer, "Allow")).contains("OPTIONS");
    }
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @ParameterizedTest
  @MethodSource("badCallbacks")
  void callbackThatIsNoneIsRefused(String body, int status, String error) throws Exception {
    try (ScriptedJobServer own = new ScriptedJobServer();
        RunningProxy strict = RunningProxy.before(own, "body.max", "1KiB")) {
      var held = strict.proxy("{\"account\":\"a\"}");
      String url = own.nextStart().callback();
      HttpResponse<byte[]> answer = strict.callBack(url, body);
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(json(answer).getString("error")).isEqualTo(error);
      assertThat(held).isNotDone();
      strict.callBack(url, "{\"id\":\"1\"}");
      assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> badCallbacks() {
    return Stream.of(
            new Object[] {"", 400, "Invalid JSON"},
            new Object[] {"x", 400, "Invalid JSON"},
            new Object[] {"[]", 400, "The body must be a JSON object"},
            new Object[] {"{}", 400, "Missing job ID in callback"},
            new Object[] {"{\"id\":1}", 400, "Missing job ID in callback"},
            new Object[] {"{\"id\":null}", 400, "Missing job ID in callback"},
            new Object[] {
              "{\"id\":\"" + "x".repeat(1024) + "\"}", 413, "Body too large: at most 1024 bytes"
            })
        .map(org.junit.jupiter.params.provider.Arguments::of);
  }

  @Test
  void methodsThatExistAreAllowedByName() throws Exception {
    assertThat(header(proxy.get("/proxy"), "Allow")).isEqualTo("OPTIONS, POST");
  }
}
