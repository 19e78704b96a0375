package io.asyncproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies of 10 MB in both directions, many at once, through a process whose heap could not hold
 * half of them: none is lost, refused, or changed.
 */
@Timeout(300)
class LargeBodiesTest {
  private static final int BYTES = 10_000_000;
  private static final int CLIENTS = 48;

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void stop() {
    client.shutdownNow();
    threads.shutdownNow();
    vertx.close().await();
  }

  /** Bytes that nobody has to keep to know them again. */
  private static final class Noise extends InputStream {
    private long state;
    private int left = BYTES;

    Noise(long seed) {
      state = seed * 2 + 1;
    }

    @Override
    public int read() {
      if (left == 0) {
        return -1;
      }
      left--;
      state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      return (int) (state >>> 56);
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
      int read = Math.min(length, left);
      for (int i = 0; i < read; i++) {
        bytes[from + i] = (byte) read();
      }
      return read == 0 && length > 0 ? -1 : read;
    }
  }

  private static String digest(InputStream stream) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DigestInputStream all = new DigestInputStream(stream, digest)) {
      all.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Half of them say how long they are. */
  private static BodyPublisher noise(long seed) {
    BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new Noise(seed));
    return seed % 2 == 0 ? chunked : BodyPublishers.fromPublisher(chunked, BYTES);
  }

  /** Answers a file with its digest by header, and by another file for its result. */
  private HttpServer api() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    return server;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      String digest = digest(exchange.getRequestBody());
      long number = Long.parseLong(exchange.getRequestHeaders().getFirst("X-Number"));
      String hook = exchange.getRequestURI().getRawQuery().replaceFirst("hook=", "");
      exchange.sendResponseHeaders(202, -1);
      exchange.close();
      threads.submit(() -> callBack(URI.create(URLDecoder.decode(hook, UTF_8)), number, digest));
    } catch (Exception failure) {
      throw new IOException(failure);
    }
  }

  private int callBack(URI hook, long number, String digest) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(hook)
            .header("Content-Type", "application/octet-stream")
            .header("X-Digest", digest)
            .POST(noise(-number))
            .build();
    int status;
    do {
      status = client.send(request, BodyHandlers.discarding()).statusCode();
    } while (status == 503);
    return status;
  }

  @Test
  void manyLargeBodiesFitIntoASmallHeap() throws Exception {
    HttpServer api = api();
    Path config =
        Files.writeString(
            folder.resolve("async-proxy.yaml"),
            """
            body.max: 16MiB
            hold.timeout: 4m
            routes:
              files:
                start:
                  url: http://127.0.0.1:%d/files
                  callback: query:hook
                  content-types: ["*/*"]
                  pass-headers: [X-Number]
                reply: {pass-headers: [X-Digest]}
                limits: {timeout: 1m}
            """
                .formatted(api.getAddress().getPort()));
    ProxyPort port = new ProxyPort(vertx);
    List<String> settings = List.of("--config", config.toString());
    try (ServeProcess proxy = new ServeProcess(port, folder, settings)) {
      proxy.start();
      URI uri = URI.create("http://127.0.0.1:" + port.port() + "/files");
      List<Future<Void>> clients = new ArrayList<>();
      for (long i = 1; i <= CLIENTS; i++) {
        long number = i;
        clients.add(threads.submit(() -> sendAndCheck(uri, number)));
      }
      for (Future<Void> one : clients) {
        one.get();
      }
      assertThat(proxy.errors()).isEmpty();
    } finally {
      api.stop(0);
    }
  }

  private Void sendAndCheck(URI uri, long number) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofMinutes(4))
            .header("Content-Type", "application/octet-stream")
            .header("X-Number", Long.toString(number))
            .POST(noise(number))
            .build();
    HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
    while (answer.statusCode() == 503) { // a slow machine: told to come back, as clients are
      answer.body().close();
      answer = client.send(request, BodyHandlers.ofInputStream());
    }
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Digest")).contains(digest(new Noise(number)));
    assertThat(digest(answer.body())).isEqualTo(digest(new Noise(-number)));
    return null;
  }
}
