package io.asyncproxy.cli;

import io.asyncproxy.testbed.JobClientOptions;
import io.asyncproxy.testbed.JobServer;
import io.asyncproxy.testbed.JobServerOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code rehearse}: {@code serve} as in earnest, with jobs, on free ports of this machine, and its
 * end by the same hook. What Java sees of it becomes the start-up cache (make-startup-cache).
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
    Vertx vertx = Vertx.vertx();
    int jobServer =
        new JobServer(
                vertx, JobServerOptions.withDelay(0, Duration.ofMillis(20)), Clock.systemUTC())
            .start()
            .await(30, TimeUnit.SECONDS);
    int port = freePort();
    int adminPort = freePort();
    Thread.ofPlatform().daemon().name("serve").start(() -> serve(port, adminPort, jobServer));

    HttpClient client = HttpClient.newHttpClient();
    URI proxy = URI.create("http://" + HERE + ":" + port);
    awaitReady(client, proxy.resolve("/readyz"));
    boolean passed = true;
    for (int round = 0; round < ROUNDS; round++) {
      passed &=
          JobClientCommand.run(
                  new JobClientOptions(
                      proxy.resolve("/proxy"), "rehearsal", JOBS, JOBS, Duration.ofSeconds(60)),
                  nowhere())
              .passed();
    }
    passed &= status(client, URI.create("http://" + HERE + ":" + adminPort + "/metrics")) == 200;
    vertx.close().await(10, TimeUnit.SECONDS);
    if (!passed) {
      throw new IllegalStateException("The rehearsal failed");
    }
    return CommandLine.ExitCode.OK;
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

  private static void awaitReady(HttpClient client, URI readyz) throws InterruptedException {
    long end = System.nanoTime() + READY_WITHIN.toNanos();
    while (status(client, readyz) != 200) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("The rehearsal did not become ready");
      }
      Thread.sleep(PAUSE);
    }
  }

  private static int status(HttpClient client, URI uri) throws InterruptedException {
    try {
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    } catch (IOException _) {
      return 0;
    }
  }
}
