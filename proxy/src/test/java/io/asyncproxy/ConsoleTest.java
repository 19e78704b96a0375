package io.asyncproxy;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.testbed.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The operators' page in a real browser, at a real proxy: each scenario is a script in {@code
 * src/test/console}. The pictures of the documentation are made by
 *
 * <pre>./mvnw test -pl proxy -am -Dtest=ConsoleTest -Dsurefire.failIfNoSpecifiedTests=false
 *   -Dconsole.screenshots=$PWD/docs/images</pre>
 */
class ConsoleTest {
  private static final Path FOLDER = Path.of("target", "console").toAbsolutePath();
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path SCRIPTS = Path.of("src", "test", "console");
  private static final String NPM_INSTALL =
      "npm install --no-audit --no-fund --ignore-scripts --prefer-offline"
          + " playwright-core@1.65.1 axe-core@4.14.1";

  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final ScriptedJobServer jobServer = new ScriptedJobServer();
  private RunningProxy proxy = RunningProxy.before(jobServer, "job-server.backoff", "200ms");

  ConsoleTest() throws Exception {
    jobServer.onStart(this::started);
  }

  @BeforeAll
  static void install() throws Exception {
    assertThat(CHROMIUM)
        .withFailMessage("no %s: apt-get install chromium", CHROMIUM)
        .isExecutable();
    Files.createDirectories(FOLDER);
    Files.writeString(FOLDER.resolve("package.json"), "{\"private\":true}");
    try (DirectoryStream<Path> scripts = Files.newDirectoryStream(SCRIPTS)) {
      for (Path script : scripts) {
        Files.copy(script, FOLDER.resolve(script.getFileName()), REPLACE_EXISTING);
      }
    }
    run(Map.of(), List.of(NPM_INSTALL.split(" ")));
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  /** What becomes of a job is in the name of its account. */
  private void started(ScriptedJobServer.Start start) {
    String account = start.body().getString("account");
    boolean first = seen.add(account);
    if (account.startsWith("refused") || (account.startsWith("once") && first)) {
      start.answer(418, "<html>teapot</html>");
    } else if (account.startsWith("broken")) {
      start.answer(500, "out of memory");
    } else if (account.startsWith("retried") && first) {
      start.answer(503, "");
    } else {
      start.accept("4499a6e0c2ef4b98");
      callBackSoon(start.callback(), account.equals("twice"));
    }
  }

  private void callBackSoon(String callback, boolean twice) {
    var later = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);
    later.execute(() -> callBack(callback, "first", twice));
  }

  private void callBack(String callback, String proof, boolean again) {
    String body =
        "{\"id\":\"4499a6e0c2ef4b98\",\"state\":\"completed\",\"proof\":\"" + proof + "\"}";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(callback.replace("localhost", "127.0.0.1")))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    proxy.send(request).thenAccept(_ -> callBackAgain(callback, again));
  }

  private void callBackAgain(String callback, boolean again) {
    if (again) {
      callBack(callback, "second", false);
    }
  }

  private void play(String scenario) throws Exception {
    play(scenario, "");
  }

  private void play(String scenario, String secondNode) throws Exception {
    run(
        Map.of(
            "SECOND",
            secondNode,
            "ADMIN",
            "http://127.0.0.1:" + proxy.proxy().adminPort(),
            "PROXY",
            "http://127.0.0.1:" + proxy.port(),
            "CHROMIUM",
            CHROMIUM.toString(),
            "PICTURES",
            System.getProperty("console.screenshots", "")),
        List.of("node", scenario + ".mjs"));
  }

  private static void run(Map<String, String> environment, List<String> command) throws Exception {
    Path said = FOLDER.resolve(command.getLast() + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(180, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IOException(command + " did not end within 3 minutes: " + Files.readString(said));
    }
    assertThat(process.exitValue())
        .withFailMessage("%s failed: %s", command, Files.readString(said))
        .isZero();
  }

  @Test
  void chartsMoveUnderLoadAndTroubleIsSaidAndEnds() throws Exception {
    play("live");
  }

  @Test
  void nodeThatIsKilledIsSeenToGo() throws Exception {
    proxy.close();
    try (RedisServer redis = RedisServer.notSynced()) {
      proxy = RunningProxy.before(jobServer, "store.url", redis.url());
      Process second = SecondNode.start(redis.url(), FOLDER.resolve("second-node.log"));
      try {
        play("nodes", Long.toString(second.pid()));
      } finally {
        second.destroyForcibly().waitFor();
      }
      proxy.close();
    }
  }

  @Test
  void hiddenTabAsksForNothing() throws Exception {
    play("hidden");
  }

  @Test
  void deadLetterIsFoundAndReplayedByKeyboardAndCompletes() throws Exception {
    play("replay");
  }

  @Test
  void manyDeadLettersAreDiscardedAndReplayed() throws Exception {
    play("many");
  }

  @Test
  void jobIsFoundWithItsTimelineAndItsConflict() throws Exception {
    play("jobs");
  }

  @Test
  void tokenIsAskedForByThePageItself() throws Exception {
    proxy.close();
    proxy = RunningProxy.before(jobServer, "admin.token", "s3cret");
    play("token");
  }

  @Test
  void everyViewIsWithoutBarriersInLightDarkAndNarrow() throws Exception {
    play("views");
    if (System.getProperty("console.screenshots") != null) {
      play("pictures");
    }
  }
}
