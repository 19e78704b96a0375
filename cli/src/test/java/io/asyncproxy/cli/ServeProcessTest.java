package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} as a process of its own: its log, its signals, its exit code. */
@Timeout(120)
class ServeProcessTest {
  @TempDir private Path folder;

  @Test
  void servesLogsJsonAndExits0OnSigterm() throws Exception {
    Path log = folder.resolve("log");
    Process serve = serve(log, "--port", "0", "--host", "127.0.0.1", "--store-url", "memory:");
    int port = awaitPort(serve, log);
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI ready = URI.create("http://127.0.0.1:" + port + "/readyz");
      var answer = client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
    }
    serve.destroy();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(serve.exitValue()).isZero();
    for (String line : Files.readAllLines(log)) {
      assertThat(new JsonObject(line).getMap()).containsKeys("time", "level", "message");
    }
  }

  @Test
  void whoeverSendsNonsenseFillsNoLog() throws Exception {
    Path log = folder.resolve("log");
    Process serve = serve(log, "--port", "0", "--host", "127.0.0.1", "--store-url", "memory:");
    int port = awaitPort(serve, log);
    long lines = Files.readAllLines(log).size();
    for (String nonsense :
        List.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense, not frames", "\r\nX\r\n")) {
      try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
        peer.setSoTimeout(10_000);
        peer.getOutputStream().write(nonsense.getBytes(StandardCharsets.UTF_8));
        peer.getInputStream().readAllBytes();
      }
    }
    serve.destroy();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readAllLines(log).subList((int) lines, Files.readAllLines(log).size()))
        .noneMatch(line -> line.contains("error") || line.contains("warn"));
  }

  @Test
  void portInUseIsOneClearLineAndExit1() throws Exception {
    Path log = folder.resolve("log");
    Process first = serve(log, "--port", "0", "--host", "127.0.0.1", "--store-url", "memory:");
    String port = Integer.toString(awaitPort(first, log));
    Path secondLog = folder.resolve("second");
    Process second =
        serve(secondLog, "--port", port, "--host", "127.0.0.1", "--store-url", "memory:");
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(Files.readString(secondLog)).contains("can't start").contains("in use");
    first.destroy();
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  private static Process serve(Path log, String... arguments) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.asyncproxy.cli.Main",
                "serve",
                "--admin-port",
                "0"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static int awaitPort(Process process, Path log) throws Exception {
    try (BufferedReader lines = Files.newBufferedReader(log)) {
      while (process.isAlive()) {
        String line = lines.readLine();
        if (line == null) {
          process.waitFor(20, TimeUnit.MILLISECONDS);
        } else if (line.contains("Serving http")) {
          return Integer.parseInt(line.replaceFirst(".*Serving http://[^:]+:(\\d+)/.*", "$1"));
        }
      }
    }
    throw new AssertionError("it ended: " + Files.readString(log));
  }
}
