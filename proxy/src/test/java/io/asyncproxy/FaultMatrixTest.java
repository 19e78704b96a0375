package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.RawJobServer.Fault;
import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every way in which a start can go wrong, at the first attempt or at all three: what the client is
 * told, how many starts reach the job server, and what the dead letter says. No callback ever
 * comes.
 */
class FaultMatrixTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final String HTTP_OK = "HTTP/1.1 200 OK\r\n";

  private static Fault answer(String head, String body) {
    return raw(
        "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(head, body.length(), body));
  }

  private static Fault fault(String name) {
    return switch (name) {
      case "reset-before-read" ->
          (connection, _) -> {
            connection.getInputStream().read(); // it is on its way, and nobody reads the rest
            connection.setSoLinger(true, 0);
          };
      case "reset-after-read" ->
          (connection, server) -> {
            server.readRequest(connection);
            connection.setSoLinger(true, 0);
          };
      case "hang" ->
          (connection, server) -> {
            server.readRequest(connection);
            hang(connection);
          };
      case "garbage" -> raw("SSH-2.0-OpenSSH_9.2p1\r\n");
      case "truncated" -> raw(HTTP_OK + "Content-Length: 100\r\n\r\n{\"id\":");
      case "slow" ->
          (connection, server) -> {
            server.readRequest(connection);
            RawJobServer.write(connection, HTTP_OK + "Content-Length: 2000\r\n\r\n");
            while (true) { // until the proxy closes it
              RawJobServer.write(connection, " ");
              new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
            }
          };
      case "huge" -> answer("200 OK", "x".repeat(3_000));
      case "html" -> answer("200 OK", "<html>Welcome</html>");
      case "429-seconds" -> answer("429 Slow\r\nRetry-After: 1", "");
      case "429-date" ->
          (connection, server) ->
              answer("429 Slow\r\nRetry-After: " + inASecond(), "").meet(connection, server);
      default -> answer(name + " Status", "no");
    };
  }

  private static String inASecond() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(1));
  }

  /** Reads the request, writes {@code text}, and closes. */
  private static Fault raw(String text) {
    return (connection, server) -> {
      server.readRequest(connection);
      RawJobServer.write(connection, text);
    };
  }

  private static void hang(Socket connection) throws Exception {
    connection.getInputStream().read(); // until the proxy closes it
  }

  @ParameterizedTest
  @CsvSource({
    // fault             how    client starts of all  reason       phase     retryable
    "reset-before-read,  first, 504,   0,             unclear,      starting, false",
    "reset-before-read,  all,   504,   0,             unclear,      starting, false",
    "reset-after-read,   first, 504,   1,             unclear,      starting, false",
    "reset-after-read,   all,   504,   1,             unclear,      starting, false",
    "hang,               first, 504,   1,             unclear,      starting, false",
    "hang,               all,   504,   1,             unclear,      starting, false",
    "truncated,          first, 504,   1,             unclear,      starting, false",
    "truncated,          all,   504,   1,             unclear,      starting, false",
    "slow,               first, 504,   1,             unclear,      starting, false",
    "slow,               all,   504,   1,             unclear,      starting, false",
    "408,                first, 502,   1,             refused,      queued,   true",
    "408,                all,   502,   1,             refused,      queued,   true",
    "425,                first, 502,   1,             refused,      queued,   true",
    "425,                all,   502,   1,             refused,      queued,   true",
    "400,                first, 502,   1,             refused,      queued,   true",
    "400,                all,   502,   1,             refused,      queued,   true",
    "404,                first, 502,   1,             refused,      queued,   true",
    "404,                all,   502,   1,             refused,      queued,   true",
    "500,                first, 502,   1,             server_error, starting, false",
    "500,                all,   502,   1,             server_error, starting, false",
    "502,                first, 502,   1,             server_error, starting, false",
    "502,                all,   502,   1,             server_error, starting, false",
    "html,               first, 502,   1,             invalid,      starting, false",
    "html,               all,   502,   1,             invalid,      starting, false",
    "huge,               first, 502,   1,             invalid,      starting, false",
    "huge,               all,   502,   1,             invalid,      starting, false",
    "garbage,            first, 502,   1,             invalid,      starting, false",
    "garbage,            all,   502,   1,             invalid,      starting, false",
    "503,                all,   503,   3,             busy,         queued,   true",
    "429-seconds,        all,   503,   3,             busy,         queued,   true",
    "429-date,           all,   503,   3,             busy,         queued,   true",
  })
  void faultHasItsAnswerItsStartsAndItsDeadLetter(
      String name,
      String how,
      int status,
      int starts,
      String reason,
      String phase,
      boolean retryable)
      throws Exception {
    try (RawJobServer jobServer = new RawJobServer(how.equals("all") ? ALL : 1, fault(name));
        RunningProxy proxy = proxy(jobServer, status)) {
      HttpResponse<byte[]> answer = post(proxy);
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(json(answer).getString("phase")).isEqualTo(phase);
      assertThat(json(answer).getBoolean("retryable")).isEqualTo(retryable);
      assertThat(header(answer, "Location").isEmpty()).isEqualTo(status != 504);
      assertThat(header(answer, "Retry-After").isEmpty()).isEqualTo(status != 503);
      String job = header(answer, "Job-Id");
      Eventually.that(
          () -> assertThat(deadLetter(proxy, job).getString("reason")).isEqualTo(reason));
      Eventually.that(() -> assertThat(jobServer.starts()).isEqualTo(starts));
    }
  }

  @ParameterizedTest
  @CsvSource({"503", "429-seconds", "429-date"})
  void busyAtFirstIsStartedAgainAndOnceOnly(String name) throws Exception {
    try (RawJobServer jobServer = new RawJobServer(1, fault(name));
        RunningProxy proxy = proxy(jobServer, 503, "hold.timeout", "6s")) {
      HttpResponse<byte[]> answer = post(proxy);
      assertThat(answer.statusCode()).isEqualTo(504); // started: its callback never comes
      assertThat(json(answer).getString("phase")).isEqualTo("running");
      assertThat(jobServer.starts()).isEqualTo(2);
    }
  }

  @Test
  void refusedConnectionIsTriedAgainAndStartedOnce() throws Exception {
    try (RawJobServer jobServer = new RawJobServer(0, fault("503"));
        RunningProxy proxy =
            proxy(
                jobServer,
                503,
                "job-server.attempts",
                "100",
                "job-server.max-backoff",
                "500ms",
                "hold.timeout",
                "9s")) {
      jobServer.refuse();
      var held = proxy.proxy("{\"account\":\"a\"}");
      Eventually.that(
          () ->
              assertThat(metrics(proxy))
                  .containsPattern("requests_total\\{outcome=\"unreachable\"} [1-9]"));
      jobServer.listenAgain();
      Eventually.that(() -> assertThat(jobServer.starts()).isEqualTo(1));
      assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
      assertThat(jobServer.starts()).isEqualTo(1);
    }
  }

  @Test
  void refusedConnectionAtAllAttemptsIsADeadLetter() throws Exception {
    try (RawJobServer jobServer = new RawJobServer(0, fault("503"));
        RunningProxy proxy = proxy(jobServer, 502)) {
      jobServer.refuse();
      HttpResponse<byte[]> answer = post(proxy);
      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(json(answer).getBoolean("retryable")).isTrue();
      JsonObject letter = deadLetter(proxy, header(answer, "Job-Id"));
      assertThat(letter.getString("reason")).isEqualTo("unreachable");
      assertThat(letter.getJsonArray("history")).hasSize(3);
    }
  }

  private static RunningProxy proxy(RawJobServer jobServer, int status, String... more)
      throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("job-server.url", jobServer.url());
    settings.put("job-server.attempts", "3");
    boolean waits = status == 504; // else it is told so, however long that takes
    settings.put("job-server.timeout", waits ? "200ms" : "20s");
    settings.put("job-server.backoff", "1ms");
    settings.put("job-server.max-backoff", "5ms");
    settings.put("body.max", "2KiB");
    settings.put("hold.timeout", waits ? "600ms" : "15s");
    settings.put("job.timeout", waits ? "1200ms" : "60s");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new RunningProxy(settings);
  }

  private static HttpResponse<byte[]> post(RunningProxy proxy) throws Exception {
    return proxy.proxy("{\"account\":\"a\"}").get(20, TimeUnit.SECONDS);
  }

  private static String metrics(RunningProxy proxy) throws Exception {
    return new String(admin(proxy, "/metrics").body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static JsonObject deadLetter(RunningProxy proxy, String job) throws Exception {
    return json(admin(proxy, "/admin/dead-letters/" + job));
  }

  private static HttpResponse<byte[]> admin(RunningProxy proxy, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + path);
    return proxy.send(HttpRequest.newBuilder(uri)).get(20, TimeUnit.SECONDS);
  }
}
