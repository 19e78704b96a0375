package io.asyncproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.loop.EventLoop;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which requests take the short way, and that nobody can tell by the answers: real connections, and
 * endpoints that say which way they were asked.
 */
class ShortcutTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String GET = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final Pattern SAID = Pattern.compile("(short|vertx):(\\w*);");

  /** A request for {@code /hold}, until the test answers it. */
  private record Held(String body, Promise<Reply> reply, CountDownLatch left) {
    void answer() {
      reply.complete(Reply.json(200, (body + ";").getBytes(ISO_8859_1)));
    }
  }

  private @Nullable Vertx vertx;

  /** Requests for {@code /begun} whose heads have come. */
  private final Semaphore begun = new Semaphore(0);

  private final BlockingQueue<Held> held = new ArrayBlockingQueue<>(100_000);

  @AfterEach
  void stop() throws Exception {
    if (vertx != null) {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  private Client connect() throws Exception {
    return connect(LONG, LONG);
  }

  private Client connect(Duration arrival, Duration idle) throws Exception {
    return connect(
        arrival,
        idle,
        new HttpServerOptions()
            .setHandle100ContinueAutomatically(true)
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false));
  }

  private Client connect(Duration arrival, Duration idle, HttpServerOptions options)
      throws Exception {
    int[] port = {0};
    HttpLimits limits = new HttpLimits(100_000, arrival, idle, 100, Integer.MAX_VALUE);
    Vertx started = Vertx.builder().withTransport(GuardedTransport.over(limits, 1)).build();
    vertx = started;
    started
        .deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                EventLoop loop = EventLoop.of(context);
                Cors cors = new Cors(Set.of("https://known.example"));
                Bodies bodies = new Bodies(limits, new BodyBudget(1 << 20), loop);
                Server server =
                    new Server(
                        path -> endpoint(bodies, path),
                        new Replies(cors),
                        new Connections(limits, loop),
                        cors,
                        _ -> {},
                        RequestListener.NONE);
                return started
                    .createHttpServer(options)
                    .connectionHandler(server::opened)
                    .requestHandler(server::handle)
                    .invalidRequestHandler(server::handleInvalid)
                    .listen(0, "127.0.0.1")
                    .onSuccess(listening -> port[0] = listening.actualPort());
              }
            })
        .await(20, TimeUnit.SECONDS);
    return new Client(port[0]);
  }

  private Optional<Endpoint> endpoint(Bodies bodies, String path) {
    Endpoint.Handler handler =
        switch (path) {
          case "/now" -> request -> bodies.read(request, body -> now(request, body));
          case "/begun" ->
              request -> {
                begun.release();
                return bodies.read(request, body -> now(request, body));
              };
          case "/hold" -> request -> bodies.read(request, body -> hold(request, body));
          case "/twice" -> request -> now(request, new byte[0]).map(r -> r.header("JOB-ID", "j-2"));
          case "/204", "/205", "/304" ->
              request ->
                  now(request, new byte[0])
                      .map(
                          r ->
                              new Reply(
                                  Integer.parseInt(path.substring(1)),
                                  r.contentType(),
                                  r.body(),
                                  r.headers()));
          case "/unsendable" ->
              request -> Future.succeededFuture(Reply.empty(200).header("X", "a\nb"));
          case "/large" -> request -> Future.succeededFuture(Reply.json(200, new byte[1 << 20]));
          case "/empty" -> request -> Future.succeededFuture(Reply.empty(204));
          case "/wrong" -> request -> Future.failedFuture(Problem.of(400, "Wrong").exception());
          case "/broken" ->
              _ -> {
                throw new IllegalStateException("as a test of ours wants it");
              };
          case "/error" ->
              _ -> {
                throw new StackOverflowError("as a test of ours wants it");
              };
          default -> null;
        };
    return Optional.ofNullable(handler)
        .map(found -> new Endpoint(path, Map.of(HttpMethod.POST, found, HttpMethod.GET, found)));
  }

  private static Future<Reply> now(Request request, byte[] body) {
    String said = way(request) + ":" + new String(body, ISO_8859_1) + ";";
    return Future.succeededFuture(
        Reply.json(200, said.getBytes(ISO_8859_1)).header("Job-Id", "j-1"));
  }

  private Future<Reply> hold(Request request, byte[] body) {
    String said = way(request) + ":" + new String(body, ISO_8859_1);
    Held holding = new Held(said, Promise.promise(), new CountDownLatch(1));
    request.onClosed(holding.left::countDown);
    request.forgetHeaders();
    held.add(holding);
    return holding.reply.future();
  }

  private static String way(Request request) {
    return switch (request) {
      case ShortRequest _ -> "short";
      case VertxRequest _ -> "vertx";
    };
  }

  /** One connection, on which bytes are sent as they are. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final StringBuilder received = new StringBuilder();
    private final int port;

    Client(int port) throws IOException {
      this.port = port;
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(10_000);
    }

    Client send(String raw) throws IOException {
      socket.getOutputStream().write(raw.getBytes(ISO_8859_1));
      return this;
    }

    /** What was said in the next {@code answers} answers: by which way, and the body. */
    List<String> said(int answers) throws IOException {
      InputStream in = socket.getInputStream();
      byte[] some = new byte[8_192];
      while (SAID.matcher(received).results().count() < answers) {
        int length = in.read(some);
        assertThat(length).as("answered instead: " + received).isPositive();
        received.append(new String(some, 0, length, ISO_8859_1));
      }
      List<String> said =
          SAID.matcher(received).results().map(MatchResult::group).limit(answers).toList();
      received.setLength(0);
      return said;
    }

    /** What is answered, byte by byte, until the connection is closed. */
    String toEnd() throws IOException {
      return received + new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String post(String path, String body, String... more) {
    StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: h\r\n");
    for (String line : more) {
      request.append(line).append("\r\n");
    }
    return request + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void shortRequestsTakeTheShortWayFromTheFirstOn() throws Exception {
    try (Client client = connect()) {
      for (String body : List.of("a", "b", "")) {
        assertThat(client.send(post("/now", body)).said(1)).containsExactly("short:" + body + ";");
      }
      for (String option : List.of("keep-alive", "Keep-Alive")) {
        assertThat(client.send(post("/now", "c", "Connection: " + option)).said(1))
            .containsExactly("short:c;");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /now HTTP/1.1\r\nHost: h\r\n\r\n",
        "PUT /now HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
        "POST /now?a=b HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx",
        "POST http://h/now HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx",
        "POST /now HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        "POST /now HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /now HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
      })
  void whateverIsMoreGoesToVertxAndTheNextIsShortAgain(String more) throws Exception {
    try (Client client = connect()) {
      client.send(more + post("/now", "next"));
      if (more.startsWith("PUT")) {
        assertThat(client.said(1)).containsExactly("short:next;");
      } else {
        assertThat(client.said(2)).first().asString().startsWith("vertx:");
      }
      assertThat(client.send(post("/now", "again")).said(1)).containsExactly("short:again;");
    }
  }

  /** Vert.x has a handler for compressed WebSockets, which counts requests and their answers. */
  @Test
  void listenerThatCountsRequestsHasNoShortWay() throws Exception {
    try (Client client = connect(LONG, LONG, new HttpServerOptions())) {
      for (int i = 0; i < 300; i++) {
        assertThat(client.send(post("/now", "a")).said(1)).containsExactly("vertx:a;");
      }
    }
  }

  @Test
  void bodyThatComesInPiecesIsReadByVertx() throws Exception {
    String whole = post("/now", "inpieces");
    try (Client client = connect()) {
      for (int at = whole.indexOf('\n'); at < whole.length(); at += 7) {
        client.send(whole.substring(0, at));
        Thread.sleep(20);
        client.send(whole.substring(at));
        assertThat(client.said(1).getFirst()).isIn("vertx:inpieces;", "short:inpieces;");
      }
      client.send(post("/begun", "inpieces").replace("ces", ""));
      assertThat(begun.tryAcquire(10, TimeUnit.SECONDS))
          .as("begun before its body is there")
          .isTrue();
      assertThat(client.send("ces").said(1)).containsExactly("vertx:inpieces;");
      String long20K = "x".repeat(20_000);
      assertThat(client.send(post("/now", long20K)).said(1).getFirst()).endsWith(long20K + ";");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: close",
        "Connection: x",
        "Connection: keep-alive, close",
        "Connection: keep-alive\r\nConnection: close"
      })
  void connectionEndsWhereTheClientWantsIt(String option) throws Exception {
    try (Client client = connect()) {
      client.send(post("/now", "a") + post("/now", "b", option) + post("/now", "c"));
      if (option.endsWith("close")) {
        assertThat(client.toEnd()).contains("short:a;").contains("vertx:b;").doesNotContain(":c;");
      } else {
        assertThat(client.said(3)).containsExactly("short:a;", "vertx:b;", "vertx:c;");
      }
    }
  }

  @Test
  void bodyThatDoesNotComeIsNotWaitedFor() throws Exception {
    try (Client client = connect(Duration.ofSeconds(3), LONG)) {
      String whole = post("/now", "never");
      client.send(post("/now", "a") + whole.substring(0, whole.length() - 5));
      assertThat(client.toEnd()).contains("short:a;").contains("HTTP/1.1 408 ");
    }
  }

  @Test
  void whatComesBehindTheEndOfAConnectionIsNotBegun() throws Exception {
    try (Client client = connect()) {
      String twice = "Connection: keep-alive\r\nConnection: close\r\n";
      client.send("GET /now HTTP/1.1\r\nHost: h\r\n" + twice + "\r\n" + post("/hold", "b"));
      assertThat(client.toEnd()).contains("vertx:;");
      assertThat(held).isEmpty();
    }
  }

  @Test
  void http10ConnectionIsClosed() throws Exception {
    try (Client client = connect()) {
      client.send("POST /now HTTP/1.0\r\nContent-Length: 1\r\n\r\nx");
      assertThat(client.toEnd()).startsWith("HTTP/1.0 200").contains("vertx:x;");
    }
  }

  @Test
  void answersAreTheSameByBothWays() throws Exception {
    List<String> origins =
        List.of("X: y", "Origin: https://known.example", "Origin: https://unknown.example");
    for (String path :
        List.of(
            "/now",
            "/empty",
            "/wrong",
            "/broken",
            "/error",
            "/missing",
            "/twice",
            "/204",
            "/205",
            "/304",
            "/unsendable")) {
      for (String origin : origins) {
        String shorter = oneAnswer(post(path, "x", origin));
        String longer = oneAnswer(post(path + "?", "x", origin));
        assertThat(longer.replace("vertx:", "short:")).as(path).isEqualTo(shorter);
      }
    }
  }

  /** The answer to {@code request}; what comes behind it ends the connection. */
  private String oneAnswer(String request) throws Exception {
    try (Client client = connect()) {
      client.send(request);
      Thread.sleep(50);
      String all = client.send("GET /end HTTP/1.0\r\n\r\n").toEnd();
      return all.substring(0, all.lastIndexOf("HTTP/1.0 404"));
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrderByWhicheverWay() throws Exception {
    try (Client client = connect()) {
      client.send(
          post("/hold", "a")
              + GET
              + post("/now", "c")
              + post("/hold?", "d")
              + post("/now", "e")
              + post("/hold", "f")
              + post("/now", "g"));
      take("short:a").answer();
      take("vertx:d").answer();
      Held last = held.poll(10, TimeUnit.SECONDS);
      assertThat(last.body).endsWith(":f");
      last.answer();
      assertThat(client.said(7).stream().map(said -> said.replaceAll(".*:", "")))
          .containsExactly("a;", ";", "c;", "d;", "e;", "f;", "g;");
      assertThat(client.send(post("/now", "h")).said(1)).containsExactly("short:h;");
    }
  }

  private Held take(String body) throws InterruptedException {
    Held first = held.poll(10, TimeUnit.SECONDS);
    assertThat(first).isNotNull();
    assertThat(first.body).isEqualTo(body);
    return first;
  }

  /** Whatever is mixed, and wherever it is cut in pieces: each answer in its turn, each once. */
  @RepeatedTest(3)
  void anyMixtureIsAnsweredInOrder(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    int port = connect().port;
    Thread answering = Thread.ofVirtual().start(this::answerAll);
    for (int session = 0; session < 60; session++) {
      StringBuilder all = new StringBuilder();
      int requests = 2 + random.nextInt(12);
      for (int i = 0; i < requests; i++) {
        all.append(any(random, "n" + i));
      }
      try (Client client = new Client(port)) {
        sendInPieces(client, all, random);
        List<String> said = client.said(requests);
        for (int i = 0; i < requests; i++) {
          assertThat(said.get(i)).as("of %s: %s", all, said).endsWith(":n" + i + ";");
        }
      }
    }
    answering.interrupt();
  }

  private void answerAll() {
    try {
      while (true) {
        Held next = held.take();
        Thread.sleep(1);
        next.answer();
      }
    } catch (InterruptedException _) {
      // the test is over
    }
  }

  private static void sendInPieces(Client client, CharSequence all, Random random)
      throws Exception {
    for (int at = 0; at < all.length(); ) {
      int end = Math.min(all.length(), at + 1 + random.nextInt(400));
      client.send(all.subSequence(at, end).toString());
      at = end;
      if (random.nextInt(4) == 0) {
        Thread.sleep(2);
      }
    }
  }

  private static String any(Random random, String body) {
    return switch (random.nextInt(8)) {
      case 0 -> post("/now?", body);
      case 1 -> post("/hold?", body);
      case 2 -> post("/hold", body, "Connection: keep-alive");
      case 3 -> post("/now", body, "Connection: x");
      case 4 -> post("/hold", body, "Connection: x");
      case 5 -> post("/now", body);
      default -> post("/hold", body);
    };
  }

  /** Each would be within the one before it, were they not taken one after the other. */
  @Test
  void thousandsOfPipelinedRequestsAreAnsweredInOrder() throws Exception {
    int many = 5_000;
    StringBuilder all = new StringBuilder(post("/hold", "first"));
    for (int i = 0; i < many; i++) {
      all.append(post("/now", "n" + i));
    }
    try (Client client = connect()) {
      Thread sender = Thread.ofVirtual().start(() -> sendAll(client, all.toString()));
      Held first = take("short:first");
      Thread.sleep(100);
      first.answer();
      List<String> said = client.said(1 + many);
      for (int i = 0; i < many; i++) {
        assertThat(said.get(1 + i)).endsWith(":n" + i + ";");
      }
      sender.join();
    }
  }

  private static void sendAll(Client client, String all) {
    try {
      client.send(all);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void nothingBehindARequestIsTakenBeforeItIsAnswered() throws Exception {
    try (Client client = connect()) {
      client.send(post("/hold", "a") + post("/hold", "b"));
      Held first = take("short:a");
      assertThat(held.poll(200, TimeUnit.MILLISECONDS)).isNull();
      first.answer();
      take("short:b").answer();
      assertThat(client.said(2)).containsExactly("short:a;", "short:b;");
    }
  }

  @Test
  void whoSendsOnAndOnIsNotReadWhileItsRequestIsHeld() throws Exception {
    try (Client client = connect();
        SocketChannel flood = SocketChannel.open()) {
      flood.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), client.port));
      flood.configureBlocking(false);
      ByteBuffer some = ByteBuffer.wrap(post("/now", "x").repeat(1_000).getBytes(ISO_8859_1));
      flood.write(ByteBuffer.wrap(post("/hold", "a").getBytes(ISO_8859_1)));
      take("short:a");
      long sent = 0;
      for (int quiet = 0; quiet < 20 && sent < 1L << 28; ) {
        some.rewind();
        int taken = flood.write(some);
        sent += taken;
        quiet = taken == 0 ? quiet + 1 : 0;
        if (taken == 0) {
          Thread.sleep(10);
        }
      }
      assertThat(sent).isLessThan(1L << 28);
    }
  }

  /** What it asks for is answered into memory, a MiB each, as long as there is any. */
  @Test
  void whoDoesNotReadItsAnswersIsNotAnsweredOnAndOn() throws Exception {
    try (Client client = connect();
        SocketChannel deaf = SocketChannel.open()) {
      long before = PlatformDependent.usedDirectMemory();
      deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), client.port));
      deaf.write(ByteBuffer.wrap(post("/large", "x").repeat(400).getBytes(ISO_8859_1)));
      Thread.sleep(300);
      assertThat(client.send(post("/now", "a")).said(1)).containsExactly("short:a;");
      assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(100 << 20);
    }
  }

  /** A head of which the rest is not read, since the one before it is not answered, is not late. */
  @Test
  void requestBehindAHeldOneIsNotLate() throws Exception {
    try (Client client = connect(Duration.ofSeconds(3), LONG)) {
      String more = post("/now", "x");
      client.send(post("/hold", "a") + more.repeat(10) + more.substring(0, 10));
      Held first = take("short:a");
      Thread.sleep(7_500); // twice that, and a half
      client.send(more.substring(10));
      first.answer();
      assertThat(client.said(12)).hasSize(12).contains("short:a;");
    }
  }

  @Test
  void clientThatLeavesIsToldOfAndWhatItSentBehindIsNotBegun() throws Exception {
    Held first;
    try (Client client = connect()) {
      client.send(post("/hold", "a") + post("/hold", "b"));
      first = take("short:a");
    }
    assertThat(first.left.await(10, TimeUnit.SECONDS)).isTrue();
    first.answer(); // into nothing
    assertThat(held.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void malformedRequestBehindAHeldOneIsRefusedInItsTurn() throws Exception {
    try (Client client = connect()) {
      client.send(post("/hold", "a") + "BAD\r\n\r\n");
      Held first = take("short:a");
      Thread.sleep(50);
      first.answer();
      assertThat(client.toEnd()).startsWith("HTTP/1.1 200").contains("short:a;", " 400 Bad");
    }
  }

  @Test
  void idleConnectionIsClosedAndABusyOneIsNot() throws Exception {
    try (Client client = connect(Duration.ofSeconds(2), Duration.ofMillis(200))) {
      client.send(post("/hold", "a"));
      Held first = take("short:a");
      Thread.sleep(3_000);
      first.answer();
      assertThat(client.said(1)).containsExactly("short:a;");
      assertThat(client.toEnd()).isEmpty();
    }
  }
}
