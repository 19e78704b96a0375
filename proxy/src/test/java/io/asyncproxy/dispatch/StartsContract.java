package io.asyncproxy.dispatch;

import static io.asyncproxy.RawJobServer.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.RawJobServer;
import io.asyncproxy.dispatch.StartOutcome.Accepted;
import io.asyncproxy.dispatch.StartOutcome.Busy;
import io.asyncproxy.dispatch.StartOutcome.Invalid;
import io.asyncproxy.dispatch.StartOutcome.Refused;
import io.asyncproxy.dispatch.StartOutcome.Unclear;
import io.asyncproxy.dispatch.StartOutcome.Unreachable;
import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of each kind of {@link Starts}, against a job server on bare sockets. */
@SuppressWarnings("NullAway.Init") // each test starts what it needs
abstract class StartsContract {
  private static final int ALL = Integer.MAX_VALUE;
  private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json");
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String ONE = OK + "Content-Length: 10\r\n\r\n{\"id\":\"1\"}";
  private static final String TWO = OK + "Content-Length: 10\r\n\r\n{\"id\":\"2\"}";
  private static final Duration LONG = Duration.ofSeconds(20);

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private Vertx vertx;
  private EventLoop loop;
  private RawJobServer jobServer;
  private Starts starts;

  abstract Starts starts(Vertx vertx, Exchange.Terms terms);

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    loop = EventLoop.of(vertx.getOrCreateContext());
  }

  @AfterEach
  void close() throws Exception {
    if (jobServer != null) {
      jobServer.close();
    }
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private void serve(RawJobServer.Fault manner) throws Exception {
    serve(manner, LONG);
  }

  private void serve(RawJobServer.Fault manner, Duration timeout) throws Exception {
    jobServer = new RawJobServer(ALL, manner);
    starts = startsTo(URI.create(jobServer.url()), timeout);
  }

  private Starts startsTo(URI url, Duration timeout) {
    JobServerSettings settings =
        new JobServerSettings(
            url,
            timeout,
            10,
            1,
            1024,
            new BreakerSettings(50, 20, Duration.ofSeconds(1)),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty());
    CallListener listener =
        (method, status, error, _) ->
            told.add(method + ' ' + (status.isPresent() ? status.getAsInt() : 0) + ' ' + error);
    Dialect dialect = new DefaultDialect(settings, false);
    return starts(
        vertx, new Exchange.Terms(settings, dialect, loop, InstantSource.system(), listener));
  }

  private Future<StartOutcome> begin(Map<String, String> further, String body) {
    Promise<StartOutcome> outcome = Promise.promise();
    byte[] bytes = body.getBytes(UTF_8);
    StartCall call = new StartCall(HttpMethod.POST, "/start?a=b", HEADERS, further, bytes);
    loop.execute(
        () -> {
          try {
            starts.start(call).onComplete(outcome);
          } catch (IllegalStateException closed) {
            outcome.fail(closed);
          }
        });
    return outcome.future();
  }

  private StartOutcome start() throws TimeoutException {
    return begin(Map.of(), "{}").await(20, TimeUnit.SECONDS);
  }

  /** Answers each request of a connection alike. */
  private static RawJobServer.Fault always(String... pieces) {
    return (connection, server) -> {
      while (server.readRequest(connection)) {
        for (String piece : pieces) {
          write(connection, piece);
        }
      }
    };
  }

  private static Accepted accepted(String id) {
    return new Accepted(Optional.of(id));
  }

  @Test
  void requestIsWrittenWithAllThatItHas() throws Exception {
    serve(always(ONE));
    begin(Map.of("traceparent", "00-1-2-01"), "{\"a\":\"ä\"}").await(20, TimeUnit.SECONDS);
    List<String> lines = jobServer.nextRequest().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("POST /start?a=b HTTP/1.1");
    assertThat(lines.stream().map(line -> line.toLowerCase(java.util.Locale.ROOT)).toList())
        .contains(
            "host: 127.0.0.1:" + jobServer.port(),
            "content-type: application/json",
            "traceparent: 00-1-2-01",
            "content-length: 10");
    assertThat(lines.getLast()).startsWith("{\"a\":\"").endsWith("\"}");
    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("POST 200 ");
  }

  @Test
  void callsOneAfterAnotherShareAConnectionAndEachHasItsOwnFields() throws Exception {
    serve(always(ONE));
    assertThat(begin(Map.of("key", "1"), "{}").await(20, TimeUnit.SECONDS))
        .isEqualTo(accepted("1"));
    assertThat(start()).isEqualTo(accepted("1"));
    assertThat(jobServer.nextRequest()).contains("key: 1");
    assertThat(jobServer.nextRequest()).doesNotContain("key: 1");
    assertThat(jobServer.connections()).isEqualTo(1);
  }

  @Test
  void callsAtOnceHaveConnectionsOfTheirOwn() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    serve(
        (connection, server) -> {
          server.readRequest(connection);
          both.countDown();
          both.await();
          write(connection, ONE);
        });
    Future<StartOutcome> other = begin(Map.of(), "{}");
    assertThat(start()).isEqualTo(accepted("1"));
    assertThat(other.await(20, TimeUnit.SECONDS)).isEqualTo(accepted("1"));
  }

  @Test
  void answerInPiecesIsReadWhole() throws Exception {
    serve(
        always(
            "HTTP/1.1 20",
            "1 Created\r\nTransfer-Enc",
            "oding: chunked\r\n\r\n4\r\n{\"id",
            "\r\n6\r\n\":\"1\"}\r\n0",
            "\r\n\r\n"));
    assertThat(start()).isEqualTo(accepted("1"));
    assertThat(start()).isEqualTo(accepted("1"));
    assertThat(jobServer.connections()).isEqualTo(1);
  }

  @Test
  void interimAnswersAreNotTheAnswer() throws Exception {
    serve(
        always("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n", ONE));
    assertThat(start()).isEqualTo(accepted("1"));
  }

  @Test
  void answerMayEndWithItsConnection() throws Exception {
    serve(
        (connection, server) -> {
          server.readRequest(connection);
          write(connection, "HTTP/1.1 200 OK\r\n\r\n{\"id\":\"1\"}");
        });
    assertThat(start()).isEqualTo(accepted("1"));
    assertThat(start()).isEqualTo(accepted("1"));
  }

  @Test
  void connectionThatTheJobServerClosesIsNotUsedAgain() throws Exception {
    assertNotUsedAgainAfter("Connection: close");
  }

  final void assertNotUsedAgainAfter(String header) throws Exception {
    assertNotUsedAgain(OK + header + "\r\nContent-Length: 10\r\n\r\n{\"id\":\"1\"}");
  }

  final void assertNotUsedAgainWith(String surplus) throws Exception {
    assertNotUsedAgain(ONE + surplus);
  }

  private void assertNotUsedAgain(String answer) throws Exception {
    serve(always(answer));
    assertThat(start()).isEqualTo(accepted("1"));
    assertThat(start()).isEqualTo(accepted("1"));
    assertThat(jobServer.connections()).isEqualTo(2);
  }

  @Test
  void answerThatNobodyAskedForIsNotTakenForTheNextOne() throws Exception {
    serve(always(ONE + TWO));
    assertThat(start()).isEqualTo(accepted("1"));
    assertThat(start()).isEqualTo(accepted("1"));
    assertThat(jobServer.connections()).isEqualTo(2);
  }

  @Test
  void refusedConnectionIsUnreachable() throws Exception {
    starts = startsTo(URI.create("http://127.0.0.1:1/start"), LONG);
    assertThat(start()).isInstanceOf(Unreachable.class);
    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("POST 0 unreachable");
  }

  @Test
  void unknownHostIsUnreachable() throws Exception {
    starts = startsTo(URI.create("http://no-such-host.invalid/start"), LONG);
    assertThat(start()).isInstanceOf(Unreachable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id\"",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"id"
      })
  void connectionThatEndsBeforeTheAnswerIsWholeLeavesItUnclear(String begun) throws Exception {
    serve(
        (connection, server) -> {
          server.readRequest(connection);
          write(connection, begun);
        });
    assertThat(start()).isInstanceOf(Unclear.class);
    assertThat(told.poll(20, TimeUnit.SECONDS)).endsWith(" unclear");
    assertThat(jobServer.starts()).isEqualTo(1);
  }

  @Test
  void whatIsNotHttpIsInvalid() throws Exception {
    serve(always("220 smtp.example ESMTP\r\n\r\n"));
    assertThat(start())
        .isInstanceOfSatisfying(
            Invalid.class, how -> assertThat(how.reason()).contains("is not HTTP"));
  }

  @Test
  void silenceLeavesItUnclearAndEndsTheConnection() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    serve(
        (connection, server) -> {
          server.readRequest(connection);
          if (connection.getInputStream().read() < 0) {
            ended.countDown();
          }
        },
        Duration.ofSeconds(1));
    assertThat(start())
        .isInstanceOfSatisfying(
            Unclear.class, how -> assertThat(how.reason()).contains("within 1000 ms"));
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(told).containsExactly("POST 0 unclear");
  }

  @Test
  void tooLongAnAnswerIsCutOff() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    serve(
        (connection, server) -> {
          server.readRequest(connection);
          write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
          write(connection, "x".repeat(2000));
          waitForTheEnd(connection);
          ended.countDown();
        });
    assertThat(start())
        .isInstanceOfSatisfying(
            Invalid.class, how -> assertThat(how.reason()).contains("longer than 1024 bytes"));
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private static void waitForTheEnd(Socket connection) {
    try {
      connection.getInputStream().read();
    } catch (java.io.IOException reset) {
      // That is an end too.
    }
  }

  @Test
  void requestThatWouldBeTwoIsNotSent() throws Exception {
    serve(always(ONE));
    assertThat(begin(Map.of("a", "b\r\nX: c"), "{}").await(20, TimeUnit.SECONDS))
        .isInstanceOf(Invalid.class);
    assertThat(begin(Map.of("a b", "c"), "{}").await(20, TimeUnit.SECONDS))
        .isInstanceOf(Invalid.class);
    assertThat(start()).isEqualTo(accepted("1"));
    assertThat(jobServer.starts()).isEqualTo(1);
  }

  @Test
  void statusAndHeadersReachTheDialect() throws Exception {
    serve(always("HTTP/1.1 429 Slow\r\nretry-after: 7\r\nContent-Length: 0\r\n\r\n"));
    assertThat(start()).isEqualTo(new Busy(429, Optional.of(Duration.ofSeconds(7))));
    jobServer.close();
    serve(always("HTTP/1.0 400 No\r\nContent-Length: 2\r\n\r\nno"));
    assertThat(start()).isEqualTo(new Refused(400, "no"));
  }

  @Test
  void closingBeforeThereIsAConnectionEndsTheAttempt() throws Exception {
    serve(always(ONE));
    Promise<StartOutcome> outcome = Promise.promise();
    StartCall call = new StartCall(HttpMethod.POST, "/start", HEADERS, Map.of(), new byte[0]);
    loop.execute(
        () -> {
          starts.start(call).onComplete(outcome);
          starts.close();
        });
    assertThat(outcome.future().await(LONG.toSeconds() / 2, TimeUnit.SECONDS))
        .isInstanceOfAny(Unreachable.class, Unclear.class);
  }

  @Test
  void closingEndsWhatIsOnItsWayAndNothingIsSentAfterwards() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    serve(
        (connection, server) -> {
          server.readRequest(connection);
          sent.countDown();
          waitForTheEnd(connection);
        });
    Future<StartOutcome> onItsWay = begin(Map.of(), "{}");
    assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
    starts.close().await(20, TimeUnit.SECONDS);
    assertThat(onItsWay.await(20, TimeUnit.SECONDS)).isInstanceOf(Unclear.class);
    Future<StartOutcome> later = begin(Map.of(), "{}");
    assertThat(later.otherwise(new Unreachable("closed")).await(20, TimeUnit.SECONDS))
        .isInstanceOf(Unreachable.class);
    assertThat(jobServer.starts()).isEqualTo(1);
  }
}
