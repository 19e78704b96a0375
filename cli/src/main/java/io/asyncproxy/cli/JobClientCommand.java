package io.asyncproxy.cli;

import io.asyncproxy.testbed.JobClient;
import io.asyncproxy.testbed.JobClientOptions;
import io.asyncproxy.testbed.JobClientReport;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jobclient}: runs jobs at once and reports. */
@Command(
    name = "jobclient",
    description = "Run jobs at once, each waiting for its result, and report; 0 only if PASSED.",
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class JobClientCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--url", required = true, description = "where jobs are posted")
  private URI url;

  @Option(names = "--account", required = true, description = "whose jobs they are")
  private String account;

  @Option(names = "--jobs", defaultValue = "50", description = "how many (50)")
  private int jobs;

  @Option(names = "--concurrency", description = "how many at once (all)")
  private @Nullable Integer concurrency;

  @Option(
      names = "--deadline",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "how long all of them may take (5s)")
  private Duration deadline;

  @Override
  public Integer call() throws Exception {
    requirePositive("--jobs", jobs);
    int atOnce = Optional.ofNullable(concurrency).orElse(jobs);
    requirePositive("--concurrency", atOnce);
    if (url.getHost() == null
        || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
      throw usage("--url = " + url + ": must be an http or https URL");
    }
    Logging.configure(Optional.of("text"), "warn", System.err);
    JobClientOptions options = new JobClientOptions(url, account, jobs, atOnce, deadline);
    return run(options, spec.commandLine().getOut()).passed()
        ? CommandLine.ExitCode.OK
        : CommandLine.ExitCode.SOFTWARE;
  }

  static JobClientReport run(JobClientOptions options, PrintWriter out) throws Exception {
    Vertx vertx = CommandVertx.start();
    try {
      ProgressBar bar = new ProgressBar(out, Terminal.isWatched(), options.jobs());
      JobClientReport report =
          new JobClient(vertx, options, bar::show)
              .run()
              .toCompletionStage()
              .toCompletableFuture()
              .get();
      out.println();
      out.print(report.text());
      out.flush();
      return report;
    } finally {
      vertx.close();
    }
  }

  private void requirePositive(String name, int value) {
    if (value < 1) {
      throw usage(name + " = " + value + ": must be at least 1");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
