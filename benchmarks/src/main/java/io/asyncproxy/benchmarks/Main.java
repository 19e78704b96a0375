package io.asyncproxy.benchmarks;

import io.asyncproxy.benchmarks.limit.LimitCommand;
import io.asyncproxy.benchmarks.process.CannotMeasureException;
import io.asyncproxy.benchmarks.simulator.SimulatorCommand;
import picocli.CommandLine;

/**
 * {@code benchmarks/run}. Exit codes: 0 measured, whether as wanted or not; 1 could not be
 * measured; 2 wrong usage.
 */
public final class Main {
  private Main() {}

  /** Runs the benchmarks, or one of the programs that they start. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine main = new CommandLine(new RunCommand());
    main.addSubcommand(new CompareCommand())
        .addSubcommand(new SimulatorCommand())
        .addSubcommand(new LimitCommand());
    return main.setParameterExceptionHandler(
            (mistake, _) -> {
              mistake.getCommandLine().getErr().println(mistake.getMessage());
              mistake.getCommandLine().getErr().println("Try 'benchmarks/run --help'.");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler((failure, line, _) -> failed(failure, line));
  }

  private static int failed(Exception failure, CommandLine line) {
    if (failure instanceof CannotMeasureException told) {
      line.getErr().println(told.getMessage());
    } else {
      failure.printStackTrace(line.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
