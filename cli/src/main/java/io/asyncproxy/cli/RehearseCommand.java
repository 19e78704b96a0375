package io.asyncproxy.cli;

import io.asyncproxy.AsyncProxy;
import io.asyncproxy.ProxySettings;
import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import io.asyncproxy.testbed.JobClientOptions;
import io.asyncproxy.testbed.JobServer;
import io.asyncproxy.testbed.JobServerOptions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code rehearse}: {@code serve} as in earnest, with jobs, on free ports of this machine, first in
 * memory, then with a file store, and its end by the same hook. What Java sees of it becomes the
 * start-up cache (make-startup-cache).
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Run serve with a few jobs, and end: for make-startup-cache.")
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class RehearseCommand implements Callable<Integer> {
  private static final String HERE = "127.0.0.1";
  private static final int JOBS = 50;
  private static final int ROUNDS = 4;
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(20);

  @Parameters(paramLabel = "DIRECTORY", description = "where the jobs are kept")
  private Path directory;

  @Override
  public Integer call() throws Exception {
    quietly("version");
    quietly("no-such-command");
    Vertx vertx = CommandVertx.start();
    int jobServer =
        new JobServer(
                vertx, JobServerOptions.withDelay(0, Duration.ofMillis(20)), Clock.systemUTC())
            .start()
            .await(30, TimeUnit.SECONDS);
    HttpClient client =
        vertx.createHttpClient(); // serve has one too; Java's would be learnt as well
    boolean passed = passesInMemory(client, jobServer);
    int port = freePort();
    int adminPort = freePort();
    Thread.ofPlatform().daemon().name("serve").start(() -> serve(port, adminPort, jobServer));
    passed &= passes(client, port, ROUNDS) && status(client, adminPort, "/metrics") == 200;
    vertx.close().await(10, TimeUnit.SECONDS);
    if (!passed) {
      throw new IllegalStateException("The rehearsal failed");
    }
    return CommandLine.ExitCode.OK;
  }

  /** What {@code serve} does differently with that store; its end is not by the hook. */
  private static boolean passesInMemory(HttpClient client, int jobServer) throws Exception {
    Map<String, String> settings =
        Map.of(
            "host",
            HERE,
            "port",
            "0",
            "admin.port",
            "0",
            "store.url",
            "memory:",
            "job-server.url",
            "http://" + HERE + ":" + jobServer + "/start",
            "job-server.connections-per-account",
            Integer.toString(JOBS));
    Values values = Values.resolve(new SettingsInput(settings, Map.of(), Optional.empty()));
    AsyncProxy proxy = new AsyncProxy(ProxySettings.from(values), InstantSource.system());
    boolean passed = passes(client, proxy.start().await(60, TimeUnit.SECONDS), 1);
    proxy.close().await(60, TimeUnit.SECONDS);
    return passed;
  }

  private static boolean passes(HttpClient client, int port, int rounds) throws Exception {
    awaitReady(client, port);
    URI url = URI.create("http://" + HERE + ":" + port + "/proxy");
    boolean passed = true;
    for (int round = 0; round < rounds; round++) {
      passed &=
          JobClientCommand.run(
                  new JobClientOptions(url, "rehearsal", JOBS, JOBS, Duration.ofSeconds(60)),
                  nowhere())
              .passed();
    }
    return passed;
  }

  private void serve(int port, int adminPort, int jobServer) {
    String[] arguments = {
      "serve",
      "--host=" + HERE,
      "--port=" + port,
      "--admin-host=" + HERE,
      "--admin-port=" + adminPort,
      "--job-server-url=http://" + HERE + ":" + jobServer + "/start",
      "--job-server-connections-per-account=" + JOBS,
      "--log-format=json",
      "--store-url=file:" + directory
    };
    Main.commandLine(arguments).execute(arguments);
  }

  private static void quietly(String... arguments) {
    Main.commandLine().setOut(nowhere()).setErr(nowhere()).execute(arguments);
  }

  private static PrintWriter nowhere() {
    return new PrintWriter(Writer.nullWriter());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitReady(HttpClient client, int port) throws Exception {
    long end = System.nanoTime() + READY_WITHIN.toNanos();
    while (status(client, port, "/readyz") != 200) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("The rehearsal did not become ready");
      }
      Thread.sleep(PAUSE);
    }
  }

  private static int status(HttpClient client, int port, String path) throws TimeoutException {
    return client
        .request(HttpMethod.GET, port, HERE, path)
        .compose(request -> request.send().map(HttpClientResponse::statusCode))
        .otherwise(0)
        .await(10, TimeUnit.SECONDS);
  }
}
