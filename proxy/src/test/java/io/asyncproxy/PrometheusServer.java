package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real Prometheus, on a free port, in a folder of its own. */
final class PrometheusServer implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;
  private final Process process;

  PrometheusServer(Path config, Path folder) throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try {
      process =
          new ProcessBuilder(
                  "prometheus",
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + folder.resolve("tsdb"),
                  "--web.listen-address=127.0.0.1:" + port)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("prometheus.log").toFile())
              .start();
    } catch (IOException missing) {
      throw new AssertionError("prometheus is missing: apt-get install prometheus", missing);
    }
  }

  /** What {@code query} selects now; fails while it is starting. */
  JsonArray query(String query) throws Exception {
    return ask("/api/v1/query?query=" + URLEncoder.encode(query, UTF_8)).getJsonArray("result");
  }

  /** The groups of rules that it has loaded. */
  JsonArray groups() throws Exception {
    return ask("/api/v1/rules").getJsonArray("groups");
  }

  private JsonObject ask(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try {
      String answer =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      return new JsonObject(answer).getJsonObject("data");
    } catch (IOException | io.vertx.core.json.DecodeException notYet) {
      throw new AssertionError("Prometheus does not answer, see prometheus.log", notYet);
    }
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    client.close();
  }
}
