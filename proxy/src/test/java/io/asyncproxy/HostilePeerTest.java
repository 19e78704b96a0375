package io.asyncproxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Peers that mean harm, over real sockets: what can be read in two ways is refused (RFC 9112), and
 * nothing behind it is read at all; what takes too long, or is too much, is cut off.
 */
class HostilePeerTest {
  private static final Duration ARRIVAL = Duration.ofMillis(400);
  private static final Duration IDLE = Duration.ofMillis(1_200);
  private static final int SOON = 10_000;

  /** Far longer than what the kernel takes for a client that doesn't read. */
  private static final int LONG_RESULT = 12_000_000;

  private static final String GET = "GET /health HTTP/1.1\r\nHost: h\r\n";
  private static final String POST = "POST /proxy HTTP/1.1\r\nHost: h\r\n";
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String SMUGGLED = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n";

  private static ScriptedJobServer jobServer;
  private static RunningProxy proxy;
  private static RunningProxy hasty;

  /** With more patience for what takes its time on a busy machine. */
  private static RunningProxy calmer;

  @BeforeAll
  static void start() throws Exception {
    jobServer = new ScriptedJobServer();
    proxy = RunningProxy.before(jobServer);
    hasty = impatient(ARRIVAL, IDLE);
    calmer = impatient(Duration.ofSeconds(15), Duration.ofSeconds(5));
  }

  private static RunningProxy impatient(Duration arrival, Duration idle) throws Exception {
    return new RunningProxy(
        Map.of("job-server.url", jobServer.url(), "body.max", "16MiB"),
        limits -> limits.times(arrival, idle));
  }

  @AfterAll
  static void stop() throws Exception {
    proxy.close();
    hasty.close();
    calmer.close();
    jobServer.close();
  }

  /** Bytes, and the one status that they are answered with. */
  record Attack(String name, String bytes, int status) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Attack bad(String name, String bytes) {
    return new Attack(name, bytes, 400);
  }

  static Stream<Attack> attacks() {
    return Stream.of(lengths(), codings(), lines(), chunks(), sizes()).flatMap(List::stream);
  }

  private static List<Attack> lengths() {
    return List.of(
        bad(
            "length and coding",
            POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad(
            "coding and length",
            POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        bad("the same length twice", POST + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
        bad("two lengths", POST + "Content-Length: 2\r\nContent-Length: 30\r\n\r\n{}"),
        bad("a list of lengths", POST + "Content-Length: 2, 2\r\n\r\n{}"),
        bad("a signed length", POST + "Content-Length: +2\r\n\r\n{}"),
        bad("a negative length", POST + "Content-Length: -2\r\n\r\n{}"),
        bad("a length in hex", POST + "Content-Length: 0x2\r\n\r\n{}"),
        bad("an empty length", POST + "Content-Length: \r\n\r\n{}"),
        bad("a length beyond 64 bits", POST + "Content-Length: 18446744073709551618\r\n\r\n{}"));
  }

  private static List<Attack> codings() {
    String end = "\r\n\r\n0\r\n\r\n";
    return List.of(
        bad("coding identity", POST + "Transfer-Encoding: identity\r\n\r\n"),
        bad("coding gzip, chunked", POST + "Transfer-Encoding: gzip, chunked" + end),
        bad("coding chunked, gzip", POST + "Transfer-Encoding: chunked, gzip" + end),
        bad(
            "coding chunked twice",
            POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked" + end),
        bad("coding xchunked", POST + "Transfer-Encoding: xchunked" + end),
        bad("coding with a vertical tab", POST + "Transfer-Encoding: \u000bchunked" + end),
        bad("coding in quotes", POST + "Transfer-Encoding: \"chunked\"" + end),
        bad(
            "coding with HTTP/1.0",
            POST.replace("1.1", "1.0") + "Transfer-Encoding: chunked" + end),
        bad("coding before a space", POST + "Transfer-Encoding : chunked" + end),
        bad("coding in a folded line", POST + "Transfer-Encoding:\r\n chunked" + end));
  }

  @SuppressWarnings("StringConcatToTextBlock") // CR LF
  private static List<Attack> lines() {
    return List.of(
        bad("LF ends the request line", "GET /health HTTP/1.1\nHost: h\r\n\r\n"),
        bad("LF ends a header", GET + "X: y\nZ: z\r\n\r\n"),
        bad("LF ends the head", GET + "\n"),
        bad("CR in a header", GET + "X: a\rb\r\n\r\n"),
        bad("CR CR LF", GET + "X: a\r\r\n\r\n"),
        bad("NUL in a header", GET + "X: a\u0000b\r\n\r\n"),
        bad("NUL in a name", GET + "X\u0000: y\r\n\r\n"),
        bad("folded line", GET + "X: a\r\n b\r\n\r\n"),
        bad("line folded by a tab", GET + "X: a\r\n\tContent-Length: 5\r\n\r\n"),
        bad("folded line after empty lines", "\r\n\r\n" + GET + "X: a\r\n b\r\n\r\n"),
        bad("folded line in the second request", GET + "\r\n" + GET + "X: a\r\n b\r\n\r\n"),
        bad("first header begins with a space", "GET /health HTTP/1.1\r\n Host: h\r\n\r\n"),
        bad("space before the colon", GET + "X : y\r\n\r\n"),
        bad("tab before the colon", GET + "X\t: y\r\n\r\n"),
        bad("space in a name", GET + "X Y: y\r\n\r\n"),
        bad("no name", GET + ": y\r\n\r\n"),
        bad("no colon", GET + "Xy\r\n\r\n"),
        bad("no Host", "GET /health HTTP/1.1\r\n\r\n"),
        bad(
            "upgrade with both lengths",
            "POST /proxy HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
                + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad(
            "upgrade without a Host",
            "GET /health HTTP/1.1\r\nHost:\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n"),
        bad("two Hosts", GET + "Host: i\r\n\r\n"),
        bad("space in the path", "GET /he alth HTTP/1.1\r\nHost: h\r\n\r\n"),
        bad("unknown version", "GET /health HTTP/1.2\r\nHost: h\r\n\r\n"),
        bad("oddly spelt version", "GET /health HTTP/01.1\r\nHost: h\r\n\r\n"),
        bad("unknown protocol", "GET /health xxxxHTTP/1.1\r\nHost: h\r\n\r\n"),
        bad("no version", "GET /health\r\n\r\n"),
        bad("no HTTP", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"));
  }

  private static List<Attack> chunks() {
    return List.of(
        bad("chunk beyond 32 bits", CHUNKED + "100000002\r\n{}\r\n0\r\n\r\n"),
        bad("chunk beyond 64 bits", CHUNKED + "10000000000000002\r\n{}\r\n0\r\n\r\n"),
        bad("negative chunk", CHUNKED + "-2\r\n{}\r\n0\r\n\r\n"),
        bad("chunk of 0x2", CHUNKED + "0x2\r\n{}\r\n0\r\n\r\n"),
        bad("chunk without a size", CHUNKED + "\r\n{}\r\n0\r\n\r\n"),
        bad("chunk with two sizes", CHUNKED + "2 2\r\n{}\r\n0\r\n\r\n"),
        bad("LF ends a chunk's size", CHUNKED + "2\n{}\r\n0\r\n\r\n"),
        bad("LF ends a chunk", CHUNKED + "2\r\n{}\n0\r\n\r\n"),
        bad("chunk longer than its size", CHUNKED + "2\r\n{}x\r\n0\r\n\r\n"),
        bad("LF in a chunk's extension", CHUNKED + "2;a=b\nx\r\n{}\r\n0\r\n\r\n"),
        bad("CR in a chunk's extension", CHUNKED + "2;a\rb\r\n{}\r\n0\r\n\r\n"),
        bad("endless extension", CHUNKED + "2;" + "a".repeat(9_000) + "\r\n{}\r\n0\r\n\r\n"),
        bad("too many trailers", CHUNKED + "0\r\n" + "X: y\r\n".repeat(101) + "\r\n"));
  }

  private static List<Attack> sizes() {
    return List.of(
        new Attack("101 headers", GET + "X: y\r\n".repeat(100) + "\r\n", 431),
        new Attack("a long header", GET + "X: " + "y".repeat(9_000) + "\r\n\r\n", 431),
        new Attack(
            "a long line", "GET /" + "y".repeat(5_000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void whatIsNotPlainIsRefusedAndNothingBehindItIsRead(Attack attack) throws Exception {
    assertRefused(proxy.port(), attack);
  }

  @Test
  void adminListenerIsAsStrict() throws Exception {
    assertRefused(proxy.proxy().adminPort(), bad("folded", GET + "X: a\r\n b\r\n\r\n"));
    assertRefused(
        proxy.proxy().adminPort(), new Attack("101", GET + "X: y\r\n".repeat(100) + "\r\n", 431));
  }

  private static void assertRefused(int port, Attack attack) throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.trySend((attack.bytes() + SMUGGLED).getBytes(ISO_8859_1));
      assertThat(client.isClosedWithin(SOON)).as(client.received()).isTrue();
      assertThat(client.statuses().getLast()).isEqualTo(attack.status());
      assertThat(client.statuses()).filteredOn(status -> status != 200).hasSize(1);
      assertThat(client.received())
          .contains("application/problem+json")
          .doesNotContain("Exception");
    }
    assertThat(jobServer.unseenStarts()).isZero();
  }

  /** What begins like HTTP/2 is kept by Vert.x until it is sure, and was read all at once then. */
  @ParameterizedTest
  @ValueSource(strings = {"PRI X", "PRI * HTTP/2.0\r\n\r\nX", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r"})
  void whatOnlyBeginsLikeHttp2IsClosed(String bytes) throws Exception {
    try (RawClient client = new RawClient(proxy.port())) {
      client.trySend((bytes + SMUGGLED).getBytes(ISO_8859_1));
      assertThat(client.isClosedWithin(SOON)).isTrue();
      assertThat(client.received()).isEmpty();
    }
  }

  /** Wherever the network cuts it: what is refused at once is refused byte by byte. */
  @Test
  void whatArrivesByteByByteIsReadAsStrictly() throws Exception {
    for (Attack attack :
        List.of(
            bad("folded", "\r\n" + GET + "X: a\r\n b\r\n\r\n"),
            bad("lengths", POST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
            bad("coding", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n"))) {
      try (RawClient client = new RawClient(proxy.port())) {
        for (char c : attack.bytes().toCharArray()) {
          client.trySend(new byte[] {(byte) c});
        }
        assertThat(client.isClosedWithin(SOON)).isTrue();
        assertThat(client.statuses()).containsExactly(400);
      }
    }
  }

  @Test
  void whatIsPlainIsTaken() throws Exception {
    for (String plain :
        List.of(
            GET + "\r\n",
            "\r\n" + GET + "\r\n",
            GET + "X:y\r\nX:  z  \r\nEmpty:\r\n\r\n",
            GET + "X: y\r\n".repeat(99) + "\r\n",
            "GET /health HTTP/1.0\r\n\r\n",
            GET + "Upgrade: h2c\r\n\r\n",
            GET + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
            "GET /health HTTP/1.0\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
            GET + "Connection: keep-alive\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
            GET + "Content-Length: 9\r\n\r\n{\n \n\t\n x}",
            GET + "Transfer-Encoding: Chunked\r\n\r\n5;a=b\r\n\n \n\t\n\r\n0\r\nX: y\r\n\r\n")) {
      try (RawClient client = new RawClient(proxy.port())) {
        client.send(plain).readSome();
        assertThat(client.statuses()).as(plain).containsExactly(200);
        if (!plain.contains("1.0")) {
          client.send(SMUGGLED).readSome();
          assertThat(client.statuses()).as(plain).containsExactly(200, 200);
        }
      }
    }
  }

  static Stream<String> slow() {
    return Stream.of(
        "",
        "GET /hea",
        "PRI * HTTP",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        GET,
        GET + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
        POST + "Content-Length: 9\r\n\r\n{",
        CHUNKED + "2\r\n{",
        GET + "\r\nGET /hea");
  }

  @ParameterizedTest
  @MethodSource("slow")
  void whatDoesNotArriveInTimeIsCutOff(String begun) throws Exception {
    try (RawClient client = new RawClient(hasty.port())) {
      client.send(begun);
      assertThat(client.isClosedWithin(SOON)).isTrue();
    }
    Eventually.that(() -> assertThat(hasty.proxy().connections()).isZero());
  }

  @Test
  void silentConnectionOfTheAdminListenerIsCutOff() throws Exception {
    try (RawClient client = new RawClient(hasty.proxy().adminPort())) {
      assertThat(client.isClosedWithin(SOON)).isTrue();
    }
  }

  @Test
  void headThatTricklesIsCutOffHoweverOftenAByteComes() throws Exception {
    try (RawClient client = new RawClient(hasty.port())) {
      client.send(GET);
      long began = System.nanoTime();
      while (!client.isClosedWithin(20)) {
        client.trySend(new byte[] {'x'});
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(10));
      }
    }
  }

  @Test
  void secondHeadHasNoMoreTimeThanTheFirst() throws Exception {
    try (RunningProxy idling = impatient(Duration.ofSeconds(3), Duration.ofMinutes(1));
        RawClient client = new RawClient(idling.port())) {
      client.send(GET + "\r\n").readSome();
      client.send("G");
      assertThat(client.isClosedWithin(30_000)).isTrue();
    }
  }

  @Test
  void requestThatArrivesInTimeIsHeldBeyondIt() throws Exception {
    try (RunningProxy hurried = impatient(Duration.ofSeconds(2), Duration.ofSeconds(2));
        RawClient client = new RawClient(hurried.port())) {
      String body = "{\"account\":\"slow\"}";
      client.send(POST + "Content-Length: " + body.length() + "\r\n\r\n" + body);
      String callback = jobServer.nextStart().callback();
      assertThat(client.isClosedWithin(4_500)).isFalse();
      hurried.callBack(callback, "{\"id\":\"1\"}");
      assertThat(client.readSome().statuses()).containsExactly(200);
    }
  }

  /** The other streams may be other clients' behind one load balancer. */
  @Test
  void slowBodyOfOneStreamIsCutOffWithoutTheOthers() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (RunningProxy idling = impatient(Duration.ofSeconds(3), Duration.ofMinutes(1))) {
      HttpClient client = http2(vertx);
      var slow = client.request(to(idling, HttpMethod.POST, "/proxy")).await(10, TimeUnit.SECONDS);
      slow.setChunked(true).exceptionHandler(_ -> {}); // it is reset, as it should be
      slow.write("{");
      HttpClientResponse answer = slow.response().await(10, TimeUnit.SECONDS);
      assertThat(answer.statusCode()).isEqualTo(408);
      var next = client.request(to(idling, HttpMethod.GET, "/health")).await(10, TimeUnit.SECONDS);
      assertThat(next.connection()).isSameAs(slow.connection());
      assertThat(next.send().await(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void headersOfHttp2AreCountedToo() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      HttpClient client = http2(vertx);
      RequestOptions many = to(proxy, HttpMethod.GET, "/health");
      for (int i = 0; i <= 100; i++) {
        many.putHeader("x" + i, "y");
      }
      var answer = client.request(many).compose(r -> r.send()).await(10, TimeUnit.SECONDS);
      assertThat(answer.statusCode()).isEqualTo(431);
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  private static HttpClient http2(Vertx vertx) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false));
  }

  private static RequestOptions to(RunningProxy proxy, HttpMethod method, String path) {
    return new RequestOptions()
        .setMethod(method)
        .setHost("127.0.0.1")
        .setPort(proxy.port())
        .setURI(path);
  }

  @Test
  void addressHasSoManyConnectionsAndGetsThemBack() throws Exception {
    try (RunningProxy strict = RunningProxy.before(jobServer, "connections.per-address", "3")) {
      List<RawClient> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        open.add(new RawClient(strict.port()).send(GET + "\r\n").readSome());
        assertThat(open.getLast().statuses()).containsExactly(200);
      }
      try (RawClient fourth = new RawClient(strict.port())) {
        assertThat(fourth.trySend((GET + "\r\n").getBytes(UTF_8)).isClosedWithin(SOON)).isTrue();
        assertThat(fourth.received()).isEmpty();
      }
      open.removeLast().close();
      Eventually.that(
          () -> {
            try (RawClient next = new RawClient(strict.port())) {
              next.trySend((GET + "\r\n").getBytes(UTF_8)).readSome();
              assertThat(next.statuses()).containsExactly(200);
            }
          });
      for (RawClient client : open) {
        client.close();
      }
      Eventually.that(() -> assertThat(strict.proxy().connections()).isZero());
    }
  }

  @Test
  void fullListenerMakesRoomAtTheCostOfThoseThatNeverAsked() throws Exception {
    try (RunningProxy small =
        new RunningProxy(
            Map.of("job-server.url", jobServer.url()), limits -> limits.connections(2))) {
      List<RawClient> silent = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        silent.add(new RawClient(small.port()));
      }
      try (RawClient client = new RawClient(small.port())) {
        client.send(GET + "\r\n").readSome();
        assertThat(client.statuses()).containsExactly(200);
      }
      assertThat(silent.getFirst().isClosedWithin(SOON)).isTrue();
      for (RawClient each : silent) {
        each.close();
      }
    }
  }

  @Test
  void clientThatGoesInTheMiddleOfItsBodyLeavesNothing() throws Exception {
    try (RunningProxy fresh = RunningProxy.before(jobServer)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(new RawClient(fresh.port()).send(POST + "Content-Length: 9\r\n\r\n{"));
      }
      // One of each connection, one of each body.
      Eventually.that(() -> assertThat(fresh.proxy().deadlines()).isEqualTo(2 * clients.size()));
      for (RawClient client : clients) {
        client.close();
      }
      Eventually.that(() -> assertThat(fresh.proxy().connections()).isZero());
      Eventually.that(() -> assertThat(fresh.proxy().deadlines()).isZero());
    }
  }

  @Test
  void clientThatNeverReadsItsAnswersIsClosed() throws Exception {
    String ask = "GET " + jobWithLongResult(calmer) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    try (RawClient client = new RawClient(calmer.port(), 8_192)) {
      client.send(ask.repeat(3)).readSome();
      Eventually.within(
          Duration.ofMinutes(1), () -> assertThat(calmer.proxy().connections()).isZero());
    }
  }

  @Test
  void clientThatReadsSlowlyIsNot() throws Exception {
    String ask = "GET " + jobWithLongResult(calmer) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    try (RawClient client = new RawClient(calmer.port(), 262_144)) {
      client.send(ask);
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
      while (System.nanoTime() < until) {
        client.readAtMost(65_536);
        new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
      }
      client.readToEnd(SOON);
      assertThat(client.received().length()).isGreaterThan(LONG_RESULT);
    }
  }

  private static String jobWithLongResult(RunningProxy proxy) throws Exception {
    var taken = proxy.proxy("{\"account\":\"long\",\"wait\":false}").get(20, TimeUnit.SECONDS);
    String result = "{\"id\":\"1\",\"long\":\"" + "x".repeat(LONG_RESULT) + "\"}";
    assertThat(proxy.callBack(jobServer.nextStart().callback(), result).statusCode())
        .isEqualTo(200);
    return RunningProxy.header(taken, "Location");
  }
}
