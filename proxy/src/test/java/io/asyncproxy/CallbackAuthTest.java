package io.asyncproxy;

import static io.asyncproxy.Callbacks.KEY;
import static io.asyncproxy.Callbacks.awaitStarted;
import static io.asyncproxy.Callbacks.plain;
import static io.asyncproxy.Callbacks.result;
import static io.asyncproxy.Callbacks.send;
import static io.asyncproxy.Callbacks.signed;
import static io.asyncproxy.Callbacks.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedJobServer.Start;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callbacks must prove in each mode, beside signatures. */
@SuppressWarnings("NullAway.Init") // started before each test
class CallbackAuthTest {
  private static final String JOB = "{\"account\":\"a\"}";
  private static final String FIRST = result("j1", "1");

  private ScriptedJobServer jobServer;

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
    jobServer.onStart(start -> start.accept("j1"));
  }

  @AfterEach
  void stop() throws Exception {
    jobServer.close();
  }

  private RunningProxy proxy(String auth, String... more) throws Exception {
    String[] settings = new String[more.length + 4];
    System.arraycopy(
        new String[] {"callback.auth", auth, "callback.secret", KEY}, 0, settings, 0, 4);
    System.arraycopy(more, 0, settings, 4, more.length);
    return RunningProxy.before(jobServer, settings);
  }

  private static HttpRequest.Builder toTokenUrl(RunningProxy proxy, Start start, String body) {
    String path = URI.create(start.callback()).getPath();
    return proxy.request(path).POST(BodyPublishers.ofString(body));
  }

  @Test
  void withoutAuthenticationTheBodysIdIsTrusted() throws Exception {
    try (RunningProxy proxy = proxy("none")) {
      var held = proxy.proxy(JOB);
      assertThat(jobServer.nextStart().callback()).endsWith("/proxy/callback");
      awaitStarted(proxy);
      assertThat(status(send(proxy, plain(proxy, result("j9", "9"))))).isEqualTo("unknown");
      assertThat(held).isNotDone();
      assertThat(status(send(proxy, plain(proxy, FIRST)))).isEqualTo("stored");
      assertThat(held.get(20, TimeUnit.SECONDS).body()).asString().isEqualTo(FIRST);
      assertThat(status(send(proxy, plain(proxy, FIRST)))).isEqualTo("duplicate");
      assertThat(send(proxy, plain(proxy, result("j1", "2"))).statusCode()).isEqualTo(409);
      assertThat(send(proxy, plain(proxy, "{}")).statusCode()).isEqualTo(400);
      assertThat(status(send(proxy, signed(proxy, Callbacks.OTHER_KEY, "m", 9_999, FIRST))))
          .as("signatures are not looked at")
          .isEqualTo("duplicate");

      jobServer.onStart(start -> {});
      var early = proxy.proxy(JOB);
      Start start = jobServer.nextStart();
      assertThat(status(send(proxy, plain(proxy, result("j2", "2"))))).isEqualTo("unknown");
      start.accept("j2");
      assertThat(early.get(20, TimeUnit.SECONDS).body()).asString().isEqualTo(result("j2", "2"));
    }
  }

  @Test
  void whereUrlsHaveTokensABodysIdAndSignatureCountForNothing() throws Exception {
    try (RunningProxy proxy = proxy("token")) {
      var held = proxy.proxy(JOB);
      Start start = jobServer.nextStart();
      awaitStarted(proxy);
      assertThat(send(proxy, plain(proxy, FIRST)).statusCode()).isEqualTo(401);
      assertThat(send(proxy, signed(proxy, KEY, "m1", 0, FIRST)).statusCode()).isEqualTo(401);
      assertThat(held).isNotDone();
      assertThat(status(send(proxy, toTokenUrl(proxy, start, FIRST)))).isEqualTo("stored");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "signature", "none"})
  void fixedAuthorizationIsNeededAsWell(String auth) throws Exception {
    try (RunningProxy proxy = proxy(auth, "callback.authorization", "Bearer abc")) {
      var held = proxy.proxy(JOB);
      Start start = jobServer.nextStart();
      awaitStarted(proxy);
      for (String wrong : List.of("", "Bearer", "Bearer ab", "Bearer abcd", "bearer abc", "abc")) {
        HttpRequest.Builder request = callback(proxy, auth, start);
        HttpResponse<byte[]> refused =
            send(proxy, wrong.isEmpty() ? request : request.header("Authorization", wrong));
        assertThat(refused.statusCode()).as(wrong).isEqualTo(401);
        assertThat(refused.body()).asString().doesNotContain("abc");
      }
      assertThat(held).isNotDone();
      HttpRequest.Builder right =
          callback(proxy, auth, start).header("Authorization", "Bearer abc");
      assertThat(status(send(proxy, right))).isEqualTo("stored");
      assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  private static HttpRequest.Builder callback(RunningProxy proxy, String auth, Start start) {
    return switch (auth) {
      case "token" -> toTokenUrl(proxy, start, FIRST);
      case "signature" -> signed(proxy, KEY, "m1", 0, FIRST);
      default -> plain(proxy, FIRST);
    };
  }

  @Test
  void rightAuthorizationDoesNotReplaceASignatureOrAToken() throws Exception {
    for (String auth : List.of("token", "signature")) {
      try (RunningProxy proxy = proxy(auth, "callback.authorization", "Bearer abc")) {
        HttpRequest.Builder request = plain(proxy, FIRST).header("Authorization", "Bearer abc");
        assertThat(send(proxy, request).statusCode()).isEqualTo(401);
        HttpRequest.Builder forged =
            proxy
                .request("/proxy/callback/" + "A".repeat(44))
                .header("Authorization", "Bearer abc")
                .POST(BodyPublishers.ofString(FIRST));
        assertThat(send(proxy, forged).statusCode()).isEqualTo(401);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "signature"})
  void eachForgedTokenGetsTheSameAnswer(String auth) throws Exception {
    try (RunningProxy proxy = proxy(auth);
        RunningProxy another =
            RunningProxy.before(jobServer, "callback.secret", Callbacks.OTHER_KEY)) {
      another.proxy(JOB, "Prefer", "respond-async");
      String foreign = URI.create(jobServer.nextStart().callback()).getPath();
      Refusal refusal = refusal(proxy, foreign);
      assertThat(refusal.status()).isEqualTo(401);
      for (int at = "/proxy/callback/".length(); at < foreign.length(); at++) {
        char other = foreign.charAt(at) == 'A' ? 'B' : 'A';
        String forged = foreign.substring(0, at) + other + foreign.substring(at + 1);
        assertThat(refusal(proxy, forged)).isEqualTo(refusal);
      }
      for (String forged : List.of("x", "A".repeat(44), "A".repeat(1000), "%41".repeat(44), "")) {
        assertThat(refusal(proxy, "/proxy/callback/" + forged)).isEqualTo(refusal);
      }
    }
  }

  @Test
  void eachCharacterOfAGoodTokenCounts() throws Exception {
    try (RunningProxy proxy = proxy("token")) {
      var held = proxy.proxy(JOB);
      Start start = jobServer.nextStart();
      String good = URI.create(start.callback()).getPath();
      Refusal refusal = refusal(proxy, "/proxy/callback/" + "A".repeat(44));
      for (int at = "/proxy/callback/".length(); at < good.length(); at++) {
        char other = good.charAt(at) == 'A' ? 'B' : 'A';
        assertThat(refusal(proxy, good.substring(0, at) + other + good.substring(at + 1)))
            .isEqualTo(refusal);
      }
      assertThat(held).isNotDone();
      assertThat(status(send(proxy, toTokenUrl(proxy, start, FIRST)))).isEqualTo("stored");
    }
  }

  /** All that a forger sees. */
  private record Refusal(int status, String body, Map<String, List<String>> headers) {}

  private static Refusal refusal(RunningProxy proxy, String path) throws Exception {
    HttpResponse<byte[]> answer =
        send(proxy, proxy.request(path).POST(BodyPublishers.ofString(FIRST)));
    String body = new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
    return new Refusal(answer.statusCode(), body, answer.headers().map());
  }
}
