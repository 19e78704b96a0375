package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Digest;
import io.asyncproxy.signature.WebhookKey;
import io.asyncproxy.signature.WebhookMessage;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    Process serve = serve(log, 0);
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

  /** A process that is killed can't tidy up: whatever it leaves stays. */
  @Test
  void leavesNothingInTheTemporaryFolder() throws Exception {
    Path log = folder.resolve("log");
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    ProcessBuilder command = command(log, 0);
    command.command().replaceAll(word -> word.equals("memory:") ? "file:" + folder : word);
    command.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    Process serve = command.start();
    awaitPort(serve, log);
    serve.destroyForcibly().waitFor();
    try (Stream<Path> left = Files.walk(temporary)) {
      assertThat(left.map(Path::toString))
          .noneMatch(name -> name.matches(".*(\\.so|vertx-cache).*"));
    }
  }

  @Test
  void whoeverSendsNonsenseFillsNoLog() throws Exception {
    Path log = folder.resolve("log");
    Process serve = serve(log, 0);
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
  void hangUpReadsTheRoutesAgainAndAMistakeChangesNothing() throws Exception {
    Path log = folder.resolve("log");
    Path file = folder.resolve("async-proxy.yaml");
    Files.writeString(file, route("one"));
    Process serve = serve(log, 0, "--config", file.toString());
    URI base = URI.create("http://127.0.0.1:" + awaitPort(serve, log));
    hangUp(serve); // which would end who does not wait for it
    assertThat(post(base.resolve("/one"), "x", "{", "")).isEqualTo(400);
    Files.writeString(file, route("two"));
    hangUp(serve);
    awaitLine(serve, log, "Routes: [two]");
    assertThat(post(base.resolve("/one"), "x", "{", "")).isEqualTo(404);
    assertThat(post(base.resolve("/two"), "x", "{", "")).isEqualTo(400);
    Files.writeString(file, route("three").replace("url", "earl"));
    hangUp(serve);
    awaitLine(serve, log, file + ":3: routes.three.start.earl: unknown key");
    assertThat(post(base.resolve("/two"), "x", "{", "")).isEqualTo(400);
    serve.destroy();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(serve.exitValue()).isZero();
  }

  private static String route(String name) {
    return "routes:\n  %s:\n    start: {url: \"http://127.0.0.1:1/\", callback: \"body:/hook\"}\n"
        .formatted(name);
  }

  private static void hangUp(Process process) throws Exception {
    new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
  }

  @Test
  void portInUseIsOneClearLineAndExit1() throws Exception {
    Path log = folder.resolve("log");
    Process first = serve(log, 0);
    int port = awaitPort(first, log);
    Path secondLog = folder.resolve("second");
    Process second = serve(secondLog, port);
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(Files.readString(secondLog))
        .contains("can't start: port = " + port + " on ", "it is in use; end what listens there");
    first.destroy();
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void jobServerSaysWhichPortIsInUse() throws Exception {
    Path log = folder.resolve("log");
    try (ServerSocket taken = new ServerSocket(0)) {
      String inUse = Integer.toString(taken.getLocalPort());
      ProcessBuilder builder = command(log, 0);
      List<String> words = builder.command();
      words.subList(words.indexOf("serve"), words.size()).clear();
      words.addAll(List.of("jobserver", "--port", inUse));
      Process jobServer = builder.start();
      assertThat(jobServer.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(jobServer.exitValue()).isOne();
      assertThat(Files.readString(log)).contains("on port " + inUse, "--port names another");
    }
  }

  @Test
  void settingsFileOfAnotherNameIsNotPassedOver() throws Exception {
    Files.writeString(folder.resolve("async-proxy.yml"), "port: 4567\n");
    Path log = folder.resolve("log");
    Process serve = command(log, 0).directory(folder.toFile()).start();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(serve.exitValue()).isEqualTo(2);
    assertThat(Files.readString(log)).contains("async-proxy.yml is not read");
  }

  @Test
  void operatorsAskTheProxyOfTheSettingsHere() throws Exception {
    Path log = folder.resolve("log");
    Process serve = serve(log, 0);
    String console = awaitLine(serve, log, "the console is at http://127.0.0.1:");
    String port =
        console.replaceAll("(?s).*the console is at http://127\\.0\\.0\\.1:(\\d+)/.*", "$1");
    Files.writeString(folder.resolve("async-proxy.yaml"), "admin.port: " + port + "\n");
    Path list = folder.resolve("list");
    ProcessBuilder command = command(list, 0).directory(folder.toFile());
    int serveAt = command.command().indexOf("serve");
    command.command().subList(serveAt, command.command().size()).clear();
    command.command().addAll(List.of("jobs", "list"));
    assertThat(command.start().waitFor()).isZero();
    assertThat(Files.readString(list)).contains("0 rows");
    serve.destroy();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void tunnelWithoutSshIsOneClearLineAndExit1() throws Exception {
    Path log = folder.resolve("log");
    ProcessBuilder command = command(log, 0, "--tunnel");
    command.environment().put("PATH", folder.toString());
    Process serve = command.start();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(serve.exitValue()).isEqualTo(1);
    assertThat(Files.readAllLines(log))
        .singleElement()
        .asString()
        .contains("can't start: tunnel needs the program ssh", "apt-get install openssh-client");
  }

  /** Nothing listens at port 1: the proxy runs, says why it is not ready, and stops as ever. */
  @Test
  void tunnelThatCannotBeOpenedIsToldAndStopsWithTheRest() throws Exception {
    Path log = folder.resolve("log");
    Process serve = serve(log, 0, "--tunnel", "me@127.0.0.1:1");
    int port = awaitPort(serve, log);
    awaitLine(serve, log, "There is no tunnel: ssh to 127.0.0.1 ended with 255");
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI ready = URI.create("http://127.0.0.1:" + port + "/readyz");
      var answer = client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(new JsonObject(answer.body()).getJsonObject("checks").getString("tunnel"))
          .contains("Connection refused");
    }
    serve.destroy();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(serve.exitValue()).isZero();
    for (String line : Files.readAllLines(log)) {
      assertThat(new JsonObject(line).getMap()).containsKeys("time", "level", "message");
    }
  }

  /** Everything secret is given, used rightly and wrongly, and logged about at debug. */
  @Test
  void noSecretAndNoBodyIsEverPrinted() throws Exception {
    String callbackKey = "c2VjcmV0LW9mLXRoZS1jYWxsYmFja3MtMTIz";
    String webhookKey = "c2VjcmV0LW9mLXRoZS13ZWJob29rcy0xMjM0";
    List<String> secrets =
        List.of(
            "admin-token-7f3a",
            callbackKey,
            webhookKey,
            "fixed-credential-91",
            "password-in-a-url-55",
            "right-api-key-33",
            "wrong-api-key-34",
            "body-of-a-client-17",
            "body-of-a-callback-18",
            "token-in-a-url-19",
            "not-a-hash-20");
    Path log = folder.resolve("log");
    Path keys = folder.resolve("keys.yaml");
    String hash = Digest.of("right-api-key-33".getBytes(StandardCharsets.UTF_8)).hex();
    Files.writeString(keys, "keys:\n  - name: a\n    sha256: \"" + hash + "\"\n");
    Process serve =
        serve(
            log,
            0,
            "--log-level",
            "debug",
            "--admin-token",
            "admin-token-7f3a",
            "--callback-auth",
            "signature",
            "--callback-secret",
            "whsec_" + callbackKey,
            "--webhook-secret",
            "whsec_" + webhookKey,
            "--callback-authorization",
            "Bearer fixed-credential-91",
            "--job-server-url",
            "http://user:password-in-a-url-55@127.0.0.1:1/start",
            "--job-server-attempts",
            "1",
            "--api-keys-file",
            keys.toString());
    URI base = URI.create("http://127.0.0.1:" + awaitPort(serve, log) + "/proxy");
    String job = "{\"account\":\"a\",\"x\":\"body-of-a-client-17\"}";
    assertThat(post(base, "Bearer right-api-key-33", job, "")).isEqualTo(502);
    assertThat(post(base, "Bearer right-api-key-33", job.substring(1), "")).isEqualTo(400);
    assertThat(post(base, "Bearer wrong-api-key-34", job, "")).isEqualTo(401);
    String result = "{\"id\":\"1\",\"x\":\"body-of-a-callback-18\"}";
    String fixed = "Bearer fixed-credential-91";
    URI callback = URI.create(base + "/callback");
    assertThat(post(callback, fixed, result, "whsec_" + callbackKey)).isEqualTo(200);
    assertThat(post(callback, fixed, result + "}", "whsec_" + callbackKey)).isEqualTo(400);
    assertThat(post(callback, fixed, result, "whsec_" + webhookKey)).isEqualTo(401);
    assertThat(post(callback, "Bearer x", result, "whsec_" + callbackKey)).isEqualTo(401);
    URI token = URI.create(callback + "/token-in-a-url-19");
    assertThat(post(token, fixed, result, "whsec_" + callbackKey)).isEqualTo(401);
    Files.writeString(keys, "keys:\n  - name: a\n    sha256: \"not-a-hash-20\"\n");
    awaitLine(serve, log, "sha256 must be 64 hex digits");
    serve.destroy();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String printed = Files.readString(log);
    secrets.forEach(secret -> assertThat(printed).doesNotContain(secret));
  }

  /** The status of the answer; signed where there is a key. */
  private static int post(URI to, String authorization, String body, String key) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to)
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (!key.isEmpty()) {
      String time = Long.toString(Instant.now().getEpochSecond());
      WebhookMessage message = new WebhookMessage("m", time, body.getBytes(StandardCharsets.UTF_8));
      request
          .header(WebhookMessage.ID, message.id())
          .header(WebhookMessage.TIMESTAMP, message.timestamp())
          .header(WebhookMessage.SIGNATURE, message.signedBy(List.of(WebhookKey.parse(key))));
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void servesByHttpsAndLogsJsonOnly() throws Exception {
    makeCertificate();
    Path log = folder.resolve("log");
    Process serve = serveByHttps(log, folder.resolve("key.pem"));
    awaitPort(serve, log);
    serve.destroy();
    assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(serve.exitValue()).isZero();
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
        0,
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

  private static Process serve(Path log, int port, String... more) throws Exception {
    return command(log, port, more).start();
  }

  private static ProcessBuilder command(Path log, int port, String... more) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                "env",
                "--default-signal=HUP", // whoever runs the tests may have it ignored, as nohup does
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.asyncproxy.cli.Main",
                "serve",
                "--admin-port",
                "0",
                "--port",
                Integer.toString(port),
                "--host",
                "127.0.0.1",
                "--store-url",
                "memory:"));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
  }

  private static int awaitPort(Process process, Path log) throws Exception {
    String line = awaitLine(process, log, "Serving http");
    return Integer.parseInt(line.replaceFirst(".*Serving https?://[^:]+:(\\d+)/.*", "$1"));
  }

  private static String awaitLine(Process process, Path log, String part) throws Exception {
    try (BufferedReader lines = Files.newBufferedReader(log)) {
      while (process.isAlive()) {
        String line = lines.readLine();
        if (line == null) {
          process.waitFor(20, TimeUnit.MILLISECONDS);
        } else if (line.contains(part)) {
          return line;
        }
      }
    }
    throw new AssertionError("it ended: " + Files.readString(log));
  }
}
