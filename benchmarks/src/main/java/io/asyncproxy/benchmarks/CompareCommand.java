package io.asyncproxy.benchmarks;

import io.asyncproxy.benchmarks.experiment.Bench;
import io.asyncproxy.benchmarks.experiment.Comparison;
import io.asyncproxy.benchmarks.experiment.Outcome;
import io.asyncproxy.benchmarks.experiment.Timing;
import io.asyncproxy.benchmarks.process.Lab;
import io.asyncproxy.benchmarks.process.LabSettings;
import io.asyncproxy.benchmarks.process.Side;
import io.asyncproxy.benchmarks.report.ExperimentResult;
import io.asyncproxy.benchmarks.report.Figure;
import io.asyncproxy.benchmarks.report.ResultsFolder;
import io.asyncproxy.benchmarks.report.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code benchmarks/run compare}: what a change costs or saves, by the builds with and without. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description =
        "CPU per job of two builds of the proxy, in turn; prints a table, writes nothing.")
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "BEFORE.jar", description = "the build without the change")
  private Path before;

  @Parameters(
      index = "1..*",
      paramLabel = "STORE",
      description = "memory, file, redis; none: memory")
  private List<String> stores = List.of();

  @Option(names = "--jar", description = "the build with it (cli/target/async-proxy.jar)")
  private @Nullable Path jar;

  @Option(names = "--rounds", defaultValue = "7", description = "windows of each (7)")
  private int rounds;

  @Option(names = "--window", defaultValue = "4", description = "its seconds (4)")
  private int windowSeconds;

  @Option(names = "--warm-up", defaultValue = "20", description = "seconds of load before (20)")
  private int warmUpSeconds;

  @ParentCommand private RunCommand parent;

  @Override
  public Integer call() throws InterruptedException {
    List<Side> sides = sides();
    Timing timing =
        new Timing(
            RunCommand.checked(spec, rounds, "--rounds"),
            rounds,
            Duration.ofSeconds(RunCommand.checked(spec, windowSeconds, "--window")),
            Duration.ofSeconds(RunCommand.checked(spec, warmUpSeconds, "--warm-up")),
            Duration.ZERO,
            false);
    Path home = parent.home();
    Consumer<String> tell = line -> RunCommand.tell(spec, line);
    try (Lab one = new Lab(new LabSettings(home, before.toAbsolutePath(), true));
        Lab other = new Lab(new LabSettings(home, RunCommand.jar(home, jar), true))) {
      Comparison comparison =
          new Comparison(new Bench(one, timing, tell), new Bench(other, timing, tell));
      List<Figure> figures = new ArrayList<>();
      List<String> notes = new ArrayList<>();
      for (Side side : one.available(sides.toArray(Side[]::new))) {
        Outcome outcome = comparison.of(side);
        figures.addAll(outcome.figures());
        notes.addAll(outcome.notes());
      }
      if (sides.contains(Side.REDIS)) {
        one.redisMissing().ifPresent(notes::add);
      }
      ExperimentResult result =
          new ExperimentResult(
              Topic.CPU,
              Surroundings.provenance(home, spec.name(), timing.told()),
              figures,
              List.of(),
              notes);
      tell.accept("\n" + ResultsFolder.text(result));
    }
    return 0;
  }

  private List<Side> sides() {
    return stores.isEmpty() ? List.of(Side.MEMORY) : stores.stream().map(this::side).toList();
  }

  private Side side(String name) {
    return switch (name) {
      case "memory" -> Side.MEMORY;
      case "file" -> Side.FILE;
      case "redis" -> Side.REDIS;
      default ->
          throw new ParameterException(
              spec.commandLine(),
              "There is no store '%s': choose of memory, file, redis".formatted(name));
    };
  }
}
