package io.asyncproxy.cli;

import io.asyncproxy.testbed.JobServer;
import io.asyncproxy.testbed.JobServerOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jobserver}: the simulated job server. */
@Command(
    name = "jobserver",
    description = "Run a simulated job server: POST /start, GET /stats.",
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class JobServerCommand implements Callable<Integer> {
  private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)/(s|m)");

  @Spec private CommandSpec spec;

  @Option(names = "--port", defaultValue = "9000", description = "port; 0 takes a free one (9000)")
  private int port;

  @Option(
      names = "--delay",
      defaultValue = "500ms",
      converter = DurationConverter.class,
      description = "how long a job takes (500ms)")
  private Duration delay;

  @Option(
      names = "--slow-start",
      defaultValue = "0ms",
      converter = DurationConverter.class,
      description = "how long a start takes to be answered (0ms)")
  private Duration slowStart;

  @Option(names = "--reject-rate", description = "share of starts answered 400, 0..1")
  private double rejectRate;

  @Option(names = "--error-rate", description = "share of starts answered 500, 0..1")
  private double errorRate;

  @Option(names = "--lose-callbacks", description = "share of callbacks never sent, 0..1")
  private double loseCallbacks;

  @Option(names = "--duplicate-callbacks", description = "share of callbacks sent twice, 0..1")
  private double duplicateCallbacks;

  @Option(
      names = "--early-callbacks",
      description = "share of callbacks sent before the start is answered, 0..1")
  private double earlyCallbacks;

  @Option(
      names = "--rate-limit",
      paramLabel = "N/s",
      description = "more starts are answered 429 with Retry-After")
  private @Nullable String rateLimit;

  @Option(
      names = "--callback-secret",
      paramLabel = "whsec_...",
      description = "signs callbacks as Standard Webhooks 1.0 says")
  private @Nullable String callbackSecret;

  @Override
  public Integer call() throws Exception {
    Logging.configure(Optional.of("text"), "info", System.err);
    Vertx vertx = CommandVertx.start();
    JobServer server = new JobServer(vertx, options(), Clock.systemUTC());
    return Signals.startAndAwait(
        () -> {
          int actualPort = listen(server);
          print("Job server on http://localhost:" + actualPort + "/start");
          return true;
        },
        () -> print(server.stats().await(5, TimeUnit.SECONDS).encode()));
  }

  private int listen(JobServer server) throws Exception {
    return server
        .start()
        .recover(failure -> Future.failedFuture(cannotListen(failure)))
        .await(30, TimeUnit.SECONDS);
  }

  private Throwable cannotListen(Throwable failure) {
    return failure instanceof BindException
        ? new IOException(
            "The job server can't listen on port %d: %s; --port names another"
                .formatted(port, failure.getMessage()))
        : failure;
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }

  private JobServerOptions options() {
    return new JobServerOptions(
        port,
        delay,
        slowStart,
        rate("--reject-rate", rejectRate),
        rate("--error-rate", errorRate),
        rate("--lose-callbacks", loseCallbacks),
        rate("--duplicate-callbacks", duplicateCallbacks),
        rate("--early-callbacks", earlyCallbacks),
        Optional.ofNullable(rateLimit).map(this::perSecond),
        Optional.ofNullable(callbackSecret).map(this::secret));
  }

  private double rate(String name, double value) {
    if (value < 0 || value > 1) {
      throw usage(name + " = " + value + ": must be from 0 to 1");
    }
    return value;
  }

  private double perSecond(String text) {
    Matcher matcher = RATE.matcher(text);
    if (!matcher.matches()) {
      throw usage("--rate-limit = " + text + ": must be a rate such as 200/s or 30/m");
    }
    double count = Double.parseDouble(matcher.group(1));
    return matcher.group(2).equals("s") ? count : count / 60;
  }

  private String secret(String text) {
    if (!text.matches("whsec_[A-Za-z0-9+/]{32,86}={0,2}")) {
      throw usage("--callback-secret (set): must be whsec_ and the base64 of 24 to 64 bytes");
    }
    return text;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
