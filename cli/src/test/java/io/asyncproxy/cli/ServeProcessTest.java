package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
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

  /** Everything secret is given, used rightly and wrongly, and logged about at debug. */
  @Test
  void noSecretAndNoBodyIsEverPrinted() throws Exception {
    List<String> secrets =
        List.of(
            "admin-token-7f3a",
            "c2VjcmV0LW9mLXRoZS1jYWxsYmFja3MtMTIz",
            "c2VjcmV0LW9mLXRoZS13ZWJob29rcy0xMjM0",
            "fixed-credential-91",
            "redis-password-55",
            "wrong-api-key-33",
            "body-of-a-client-17",
            "body-of-a-callback-18",
            "token-in-a-url-19");
    Path log = folder.resolve("log");
    Path keys = folder.resolve("keys.yaml");
    Files.writeString(keys, "keys: []");
    Process serve =
        serve(
            log,
            "--port",
            "0",
            "--host",
            "127.0.0.1",
            "--store-url",
            "memory:",
            "--log-level",
            "debug",
            "--admin-token",
            secrets.get(0),
            "--callback-auth",
            "signature",
            "--callback-secret",
            "whsec_" + secrets.get(1),
            "--webhook-secret",
            "whsec_" + secrets.get(2),
            "--callback-authorization",
            "Bearer " + secrets.get(3),
            "--job-server-url",
            "http://user:" + secrets.get(4) + "@127.0.0.1:1/start",
            "--api-keys-file",
            keys.toString());
    int port = awaitPort(serve, log);
    String base = "http://127.0.0.1:" + port + "/proxy";
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String path : List.of("", "/callback", "/callback/" + secrets.get(8))) {
        for (String authorization :
            List.of("Bearer " + secrets.get(5), "Bearer " + secrets.get(3))) {
          client.send(
              HttpRequest.newBuilder(URI.create(base + path))
                  .header("Authorization", authorization)
                  .header("Content-Type", "application/json")
                  .header("webhook-id", "m")
                  .header("webhook-timestamp", "1")
                  .header("webhook-signature", "v1," + secrets.get(1))
                  .POST(BodyPublishers.ofString("{\"account\":\"a\",\"x\":\"" + secrets.get(6)))
                  .build(),
              BodyHandlers.ofString());
        }
      }
    }
    Files.writeString(keys, "keys:\n  - name: a\n    sha256: \"" + secrets.get(7) + "\"\n");
    Thread.sleep(2_500); // it is read, and complained about
    serve.destroy();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String printed = Files.readString(log);
    assertThat(printed).contains("sha256 must be 64 hex digits");
    secrets.forEach(secret -> assertThat(printed).doesNotContain(secret));
  }

  @Test
  void servesByHttpsAndLogsJsonOnly() throws Exception {
    makeCertificate();
    Path log = folder.resolve("log");
    Process serve = serveByHttps(log, folder.resolve("key.pem"));
    awaitPort(serve, log);
    serve.destroy();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(log)).contains("Serving https://127.0.0.1:");
    for (String line : Files.readAllLines(log)) {
      assertThat(new JsonObject(line).getMap()).containsKeys("time", "level", "message");
    }
  }

  @Test
  void wrongKeyIsOneLineAndExit2() throws Exception {
    makeCertificate();
    Path log = folder.resolve("log");
    Path key = folder.resolve("certificate.pem");
    Process serve = serveByHttps(log, key);
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(serve.exitValue()).isEqualTo(2);
    assertThat(Files.readAllLines(log)).singleElement().asString().startsWith("tls.key = " + key);
  }

  private Process serveByHttps(Path log, Path key) throws Exception {
    return serve(
        log,
        "--port",
        "0",
        "--host",
        "127.0.0.1",
        "--store-url",
        "memory:",
        "--tls-certificate",
        folder.resolve("certificate.pem").toString(),
        "--tls-key",
        key.toString());
  }

  private void makeCertificate() throws Exception {
    String command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
            + " -subj /CN=localhost -keyout key.pem -out certificate.pem";
    Process openssl =
        new ProcessBuilder(command.split(" "))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(openssl.waitFor()).isZero();
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
          return Integer.parseInt(line.replaceFirst(".*Serving https?://[^:]+:(\\d+)/.*", "$1"));
        }
      }
    }
    throw new AssertionError("it ended: " + Files.readString(log));
  }
}
