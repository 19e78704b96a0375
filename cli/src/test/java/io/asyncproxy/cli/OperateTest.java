package io.asyncproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.asyncproxy.AsyncProxy;
import io.asyncproxy.ProxySettings;
import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code jobs} and {@code dead-letters} against a running proxy whose job server is not there. */
class OperateTest {
  private AsyncProxy proxy;
  private int port;

  @BeforeEach
  void start() throws Exception {
    Map<String, String> flags =
        Map.of(
            "port", "0",
            "admin.port", "0",
            "host", "127.0.0.1",
            "store.url", "memory:",
            "job-server.url", "http://127.0.0.1:1/start",
            "job-server.attempts", "1");
    Values values = Values.resolve(new SettingsInput(flags, Map.of(), Optional.empty()));
    proxy = new AsyncProxy(ProxySettings.from(values), InstantSource.system());
    port = proxy.start().await(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close().await(30, TimeUnit.SECONDS);
  }

  private String givenUpJob(String account) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/proxy"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"account\":\"" + account + "\"}"))
              .build();
      return client
          .send(request, BodyHandlers.ofString())
          .headers()
          .firstValue("Job-Id")
          .orElseThrow();
    }
  }

  private String run(String... arguments) {
    StringWriter err = new StringWriter();
    return run(0, err, arguments);
  }

  private String run(int expected, StringWriter err, String... arguments) {
    StringWriter out = new StringWriter();
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--admin";
    all[arguments.length + 1] = "http://127.0.0.1:" + proxy.adminPort();
    int exit =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(all);
    assertThat(exit).as(err.toString()).isEqualTo(expected);
    return out.toString();
  }

  @Test
  void deadLettersAreListedShownReplayedAndDiscarded() throws Exception {
    String first = givenUpJob("first");
    String second = givenUpJob("second");
    assertThat(run("dead-letters", "list"))
        .contains("REASON", first, second, "unreachable", "2 rows");
    assertThat(run("dead-letters", "list", "--reason", "refused")).contains("0 rows");
    assertThat(run("dead-letters", "show", first)).contains("request", "history", "unreachable");
    JsonObject json = new JsonObject(run("dead-letters", "list", "--json"));
    assertThat(json.getJsonArray("items")).hasSize(2);

    assertThat(run("dead-letters", "replay", "--reason", "unreachable"))
        .contains("2 / 2 [=", "REPLAY_OF", first, second);
    assertThat(run("dead-letters", "discard", first)).contains("Discarded 1");
    assertThat(run("jobs", "list", "--account", "first")).doesNotContain(first);
    assertThat(run("jobs", "show", second))
        .contains(second, "failed")
        .containsPattern("[█·]{36}  attempt \\d: unreachable")
        .containsPattern("[█·]{36}  ended: failed");
    assertThat(run("jobs", "show", second, "--json")).contains("\"timeline\":[{");
    assertThat(run("top", "--once")).contains("serving, ", "nobody waits", "dead letters");
    assertThat(run("top", "--json")).startsWith("{\"node\":{");
  }

  @Test
  void whoeverIsNoAdminListenerIsTakenForNone() throws Exception {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("<html>".getBytes(UTF_8));
          exchange.close();
        });
    other.start();
    try {
      for (int wrong : List.of(port, other.getAddress().getPort())) {
        StringWriter err = new StringWriter();
        String url = "http://127.0.0.1:" + wrong;
        int exit =
            Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .execute("jobs", "list", "--admin", url);
        assertThat(exit).isOne();
        assertThat(err.toString()).contains(url + " is not a proxy's admin listener", "--admin");
      }
    } finally {
      other.stop(0);
    }
  }

  @Test
  void jobThatIsOverKeepsNoneFromBeingCancelled() throws Exception {
    String over = givenUpJob("over");
    StringWriter err = new StringWriter();
    assertThat(run(1, err, "jobs", "cancel", over, "--json")).contains("{\"cancelled\":[]}");
    assertThat(err.toString()).contains(over + ": ", "1 could not be cancelled");
  }

  @Test
  void oneThatIsNoDeadLetterKeepsNobodyFromTheNext() throws Exception {
    String first = givenUpJob("first");
    String second = givenUpJob("second");
    String none = "00000000000000000000000000";
    StringWriter err = new StringWriter();
    assertThat(run(1, err, "dead-letters", "replay", first, none, second))
        .contains("REPLAY_OF", first, second, "2 rows");
    assertThat(err.toString()).contains(none + ": ", "1 could not be replayed");

    err = new StringWriter();
    assertThat(run(1, err, "dead-letters", "discard", none, first)).contains("Discarded 1");
    assertThat(err.toString()).contains("1 could not be discarded");
  }
}
