package io.asyncproxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's Buildbot as it is installed, set up as {@code docs/routes/buildbot.md} says. */
final class Buildbot implements AutoCloseable {
  static final String PASSWORD = "only for this test";

  private static final Path PAGE = Path.of("..", "docs", "routes", "buildbot.md");
  private static final long UP_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Path folder;
  private final int port;
  private final Process process;

  /** Starts one that calls back at {@code proxyUrl}; an {@code IOException} where there is none. */
  Buildbot(Path folder, String proxyUrl) throws Exception {
    this.folder = folder;
    this.port = freePort();
    Process made = launch("create-master", "master");
    if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
      made.destroyForcibly();
      throw new AssertionError("no Buildbot was made: " + log());
    }
    write("master/master.cfg", adapted("master/master.cfg", proxyUrl));
    for (String name : new String[] {"__init__.py", "VERSION"}) {
      write("site/buildbot_www/" + name, documented("site/buildbot_www/" + name));
    }
    String plugin = "site/buildbot_www-0.egg-info/entry_points.txt";
    write(plugin, documented(plugin));
    process = launch("start", "--nodaemon", "master");
    awaitUp();
  }

  /** Whether its API has {@code path}. */
  boolean has(String path) throws Exception {
    return statusOf(request(path).GET()) == 200;
  }

  /** Has {@code method} done to what its API calls {@code path}. */
  void control(String path, String method) throws Exception {
    String call =
        """
        {"jsonrpc":"2.0","id":1,"method":"%s","params":{}}"""
            .formatted(method);
    int status =
        statusOf(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(call)));
    if (status != 200) {
      throw new AssertionError(method + " of " + path + " said " + status + ": " + log());
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v2/" + path))
        .timeout(Duration.ofSeconds(20));
  }

  private static int statusOf(HttpRequest.Builder request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }

  /** The route to it. */
  String route() throws IOException {
    return adapted("async-proxy.yaml", "");
  }

  private String adapted(String name, String proxyUrl) throws IOException {
    return documented(name)
        .replace("http://localhost:4567", proxyUrl)
        .replace("localhost:8010", "127.0.0.1:" + port)
        .replace("tcp:8010", "tcp:" + port);
  }

  /** The file {@code name} that the page shows. */
  private static String documented(String name) throws IOException {
    Matcher block =
        Pattern.compile("\n`" + Pattern.quote(name) + "`:\n\n```\\w*\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    if (!block.find()) {
      throw new AssertionError(PAGE + " shows no " + name);
    }
    return block.group(1);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private Process launch(String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("buildbot");
    builder.command().addAll(List.of(arguments));
    builder.environment().put("PYTHONPATH", folder.resolve("site").toString());
    builder.environment().put("BUILDBOT_PASSWORD", PASSWORD);
    return builder
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private void awaitUp() throws Exception {
    long began = System.nanoTime();
    while (!isUp()) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() - began > UP_NANOS) {
        close();
        throw new AssertionError("Buildbot did not start: " + log());
      }
    }
  }

  private boolean isUp() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** All that it said. */
  String log() throws IOException {
    Path own = folder.resolve("master").resolve("twistd.log");
    return Files.readString(folder.resolve("log"))
        + (Files.exists(own) ? Files.readString(own) : "");
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }
}
