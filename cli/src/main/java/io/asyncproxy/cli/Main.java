package io.asyncproxy.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./async-proxy}: the commands. Exit codes: 0 done, 1 failed, 2 wrong usage or settings. */
@Command(
    name = "async-proxy",
    description = "Call an asynchronous job server as if it were synchronous.",
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      JobServerCommand.class,
      JobClientCommand.class,
      JobsCommand.class,
      DeadLettersCommand.class,
      ApiKeysCommand.class,
      RoutesCommand.class,
      TopCommand.class,
      ConfigCommand.class,
      VersionCommand.class,
      CompletionCommand.class,
      RehearseCommand.class,
      HelpCommand.class
    })
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs one command. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine main = new CommandLine(new Main());
    main.getSubcommands().forEach((name, command) -> addSettings(name, command));
    return main.setParameterExceptionHandler(Main::wrongUsage)
        .setExecutionExceptionHandler((failure, line, _) -> failed(failure, line));
  }

  private static void addSettings(String name, CommandLine command) {
    if (name.equals("serve") || name.equals("config")) {
      SettingsOptions.addTo(command);
    } else if (name.equals("routes")) {
      command.getSubcommands().values().stream()
          .filter(below -> below.getCommandName().equals("try"))
          .forEach(SettingsOptions::addTo);
    }
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw new ParameterException(spec.commandLine(), "A command is missing");
  }

  private static int wrongUsage(ParameterException mistake, String[] arguments) {
    CommandLine line = mistake.getCommandLine();
    line.getErr().println(mistake.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(mistake, line.getErr());
    line.getErr().println("Try 'async-proxy help'.");
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception failure, CommandLine line) {
    String message = failure.getMessage();
    line.getErr().println(message != null ? message : failure.getClass().getSimpleName());
    return CommandLine.ExitCode.SOFTWARE;
  }
}
