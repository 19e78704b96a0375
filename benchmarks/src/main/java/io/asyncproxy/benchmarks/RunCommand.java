package io.asyncproxy.benchmarks;

import io.asyncproxy.benchmarks.experiment.Bench;
import io.asyncproxy.benchmarks.experiment.Experiment;
import io.asyncproxy.benchmarks.experiment.Outcome;
import io.asyncproxy.benchmarks.experiment.Timing;
import io.asyncproxy.benchmarks.process.CannotMeasureException;
import io.asyncproxy.benchmarks.process.Lab;
import io.asyncproxy.benchmarks.process.LabSettings;
import io.asyncproxy.benchmarks.report.ExperimentResult;
import io.asyncproxy.benchmarks.report.Provenance;
import io.asyncproxy.benchmarks.report.ResultsFolder;
import io.asyncproxy.benchmarks.report.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures what is asked for and writes the report. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    description = "Measures Async Proxy against a hand-written limit; writes tables and charts.")
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "EXPERIMENT",
      description =
          "cpu, latency, held, concurrency, start, overload, endurance; none: all but endurance")
  private List<String> names = List.of();

  @Option(names = "--rounds", description = "windows of each side (5; starts: 9)")
  private @Nullable Integer rounds;

  @Option(names = "--window", defaultValue = "4", description = "its seconds (4)")
  private int windowSeconds;

  @Option(names = "--warm-up", defaultValue = "15", description = "seconds of load before (15)")
  private int warmUpSeconds;

  @Option(names = "--endurance", defaultValue = "60", description = "its minutes (60)")
  private int enduranceMinutes;

  @Option(names = "--quick", description = "tiny windows, to see that it works")
  private boolean quick;

  @Option(names = "--out", description = "folder of the report (docs/benchmarks)")
  private @Nullable Path out;

  @Option(names = "--jar", description = "the proxy (cli/target/async-proxy.jar)")
  private @Nullable Path jar;

  @Option(names = "--redis", defaultValue = "auto", description = "auto, off")
  private Redis redis;

  @Option(names = "--root", defaultValue = ".", hidden = true)
  private Path root;

  enum Redis {
    auto,
    off
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Timing timing = timing();
    List<Topic> topics = topics();
    Path home = home();
    Path proxy = jar(home, jar);
    ResultsFolder results = new ResultsFolder(out == null ? home.resolve("docs/benchmarks") : out);
    checkReadable(results);
    boolean reached = true;
    try (Lab lab = new Lab(new LabSettings(home, proxy, redis == Redis.auto))) {
      Descriptors.check(topics);
      for (Topic topic : topics) {
        Outcome outcome = Experiment.of(topic).run(new Bench(lab, timing, this::tell));
        Provenance from = Surroundings.provenance(home, command(), timing.told());
        ExperimentResult result =
            new ExperimentResult(topic, from, outcome.figures(), outcome.series(), outcome.notes());
        results.add(result);
        tell("\n" + ResultsFolder.text(result));
        reached &= result.isReached();
      }
    }
    tell(reached ? "All as wanted." : "Not all as wanted: see above.");
    return 0;
  }

  /** The repository. */
  Path home() {
    return root.toAbsolutePath().normalize();
  }

  /** The build that {@code --jar} names, or the one at hand. */
  static Path jar(Path home, @Nullable Path named) {
    return named == null ? home.resolve("cli/target/async-proxy.jar") : named.toAbsolutePath();
  }

  /** Before anything is measured: it would be a pity afterwards. */
  private static void checkReadable(ResultsFolder results) {
    try {
      results.read();
    } catch (IOException e) {
      throw new CannotMeasureException(
          "The last results.json can't be read: move it away, or name another folder by --out ("
              + e.getMessage()
              + ')',
          e);
    }
  }

  private Timing timing() {
    if (quick) {
      return new Timing(
          rounds == null ? 2 : checked(rounds, "--rounds"),
          rounds == null ? 2 : rounds,
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          true);
    }
    return new Timing(
        rounds == null ? 5 : checked(rounds, "--rounds"),
        rounds == null ? 9 : rounds,
        Duration.ofSeconds(checked(windowSeconds, "--window")),
        Duration.ofSeconds(checked(warmUpSeconds, "--warm-up")),
        Duration.ofMinutes(checked(enduranceMinutes, "--endurance")),
        false);
  }

  private int checked(int value, String option) {
    return checked(spec, value, option);
  }

  static int checked(CommandSpec spec, int value, String option) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(), option + " must be at least 1, was " + value);
    }
    return value;
  }

  private List<Topic> topics() {
    if (names.isEmpty()) {
      return Arrays.stream(Topic.values()).filter(topic -> topic != Topic.ENDURANCE).toList();
    }
    return names.stream().map(this::topic).distinct().sorted().toList();
  }

  private Topic topic(String name) {
    Optional<Topic> topic = Topic.named(name);
    return topic.orElseThrow(
        () ->
            new ParameterException(
                spec.commandLine(),
                "There is no experiment '%s': choose of %s"
                    .formatted(
                        name,
                        String.join(
                            ", ", Arrays.stream(Topic.values()).map(Topic::label).toList()))));
  }

  /** Without what only {@code benchmarks/run} adds. */
  private String command() {
    return Stream.concat(
            Stream.of(spec.name()),
            spec.commandLine().getParseResult().originalArgs().stream()
                .filter(argument -> !argument.startsWith("--root")))
        .collect(Collectors.joining(" "));
  }

  private void tell(String line) {
    tell(spec, line);
  }

  static void tell(CommandSpec spec, String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
