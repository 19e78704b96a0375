package io.asyncproxy.cli;

import io.asyncproxy.AsyncProxy;
import io.asyncproxy.ProxySettings;
import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import io.asyncproxy.testbed.JobClientOptions;
import io.asyncproxy.testbed.JobClientReport;
import io.asyncproxy.testbed.JobServer;
import io.asyncproxy.testbed.JobServerOptions;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: the problem and its solution in one terminal. */
@Command(
    name = "demo",
    description = "Show the problem and the solution in one terminal; needs nothing running.")
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class DemoCommand implements Callable<Integer> {
  private static final Duration JOB = Duration.ofMillis(500);
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final int DIRECT_JOBS = 12;
  private static final int JOBS = 50;
  private static final String NEXT =
      """

      The proof is each job's id, start and proof, as the job server gave them: a gzip, in base64.

      3. NEXT: in front of your own job server, with the console on http://localhost:4568/console:
         ./async-proxy serve --job-server-url http://HOST:PORT/start
         README.md has the rest.""";

  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "show so many nodes on one Redis, one killed half-way (2 to 20)")
  private int nodes;

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description = "the Redis for --nodes; one of its own where absent (needs redis-server)")
  private @Nullable String redis;

  @Override
  public Integer call() throws Exception {
    if (nodes != 0 && (nodes < 2 || nodes > 20)) {
      throw new ParameterException(
          spec.commandLine(), "--nodes = " + nodes + ": must be a whole number from 2 to 20");
    }
    if (redis != null && nodes == 0) {
      throw new ParameterException(spec.commandLine(), "--redis is of use with --nodes only");
    }
    Logging.configure(Optional.of("text"), "warn", System.err);
    PrintWriter out = spec.commandLine().getOut();
    Vertx vertx = CommandVertx.start();
    try {
      JobServerOptions options = JobServerOptions.withDelay(0, JOB);
      int jobServerPort =
          new JobServer(vertx, options, Clock.systemUTC()).start().await(30, TimeUnit.SECONDS);
      URI jobServer = URI.create("http://localhost:" + jobServerPort + "/start");
      if (nodes == 0) {
        return demo(out, jobServer);
      }
      boolean passed = new NodesDemo(vertx, jobServer, out).run(nodes, Optional.ofNullable(redis));
      return passed ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  private static int demo(PrintWriter out, URI jobServer) throws Exception {
    out.println(
        """
        A job server runs jobs of 0.5 s. It runs any number of them at once, but serves only one
        connection at a time per account.

        1. THE PROBLEM: clients that wait for their results, straight at the job server.
           %d jobs here, to keep it short; %d would take %d s. All should be done in 5 s.
        """
            .formatted(DIRECT_JOBS, JOBS, JOBS * JOB.toMillis() / 1000));
    out.flush();
    JobClientReport direct = run(jobServer, DIRECT_JOBS, out);

    AsyncProxy proxy = new AsyncProxy(settings(jobServer), InstantSource.system());
    int port = proxy.start().await(30, TimeUnit.SECONDS);
    URI url = URI.create("http://localhost:" + port + "/proxy");
    out.println(
        """

        2. THE SOLUTION: %d clients, the same request, through Async Proxy at %s.
           It starts each job without waiting, holds the client, and answers it on the callback.
        """
            .formatted(JOBS, url));
    out.flush();
    JobClientReport proxied = run(url, JOBS, out);
    proxy.close().await(60, TimeUnit.SECONDS);
    if (proxied.passed()) {
      out.println(NEXT);
    }
    out.flush();
    return !direct.passed() && proxied.passed()
        ? CommandLine.ExitCode.OK
        : CommandLine.ExitCode.SOFTWARE;
  }

  private static JobClientReport run(URI url, int jobs, PrintWriter out) throws Exception {
    JobClientOptions options = new JobClientOptions(url, "demo@example.org", jobs, jobs, DEADLINE);
    return JobClientCommand.run(options, out);
  }

  private static ProxySettings settings(URI jobServer) throws Exception {
    Map<String, String> flags =
        Map.of(
            "port",
            "0",
            "admin.port",
            "0",
            "host",
            "127.0.0.1",
            "store.url",
            "memory:",
            "job-server.url",
            jobServer.toString());
    return ProxySettings.from(Values.resolve(new SettingsInput(flags, Map.of(), Optional.empty())));
  }
}
