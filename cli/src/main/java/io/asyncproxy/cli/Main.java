package io.asyncproxy.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** {@code ./async-proxy}: the commands. Exit codes: 0 done, 1 failed, 2 wrong usage or settings. */
public final class Main implements Runnable {
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("async-proxy");

  private Main() {
    spec.usageMessage().description("Call an asynchronous job server as if it were synchronous.");
  }

  /** Runs one command. */
  public static void main(String[] arguments) {
    System.exit(commandLine(arguments).execute(arguments));
  }

  /** All commands. */
  static CommandLine commandLine() {
    return commandLine(commands());
  }

  /** Those that have to be known to run this: the annotations of the others are slow to read. */
  static CommandLine commandLine(String[] arguments) {
    boolean serve = arguments.length > 0 && arguments[0].equals(ServeCommand.NAME);
    return serve ? commandLine(List.of(ServeCommand.spec())) : commandLine();
  }

  private static List<Object> commands() {
    return List.of(
        DemoCommand.class,
        ServeCommand.spec(),
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
        HelpCommand.class);
  }

  private static CommandLine commandLine(List<Object> commands) {
    CommandLine main = new CommandLine(new Main().spec);
    commands.forEach(main::addSubcommand);
    main.getSubcommands().forEach((name, command) -> addSettings(name, command));
    addHelp(main);
    main.getCommandSpec()
        .addOption(OptionSpec.builder("--version").versionHelp(true).description("show it").build())
        .versionProvider(() -> new String[] {VersionCommand.text()});
    return main.setExpandAtFiles(false)
        .setParameterExceptionHandler(Main::wrongUsage)
        .setExecutionExceptionHandler((failure, line, _) -> failed(failure, line));
  }

  private static void addHelp(CommandLine command) {
    if (!command.getCommandSpec().optionsMap().containsKey("--help")) {
      command
          .getCommandSpec()
          .addOption(
              OptionSpec.builder("-h", "--help").usageHelp(true).description("show this").build());
    }
    command.getSubcommands().values().forEach(Main::addHelp);
  }

  private static void addSettings(String name, CommandLine command) {
    if (name.equals(ServeCommand.NAME) || name.equals("config")) {
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
    line.getErr().println("Try '%s --help'.".formatted(line.getCommandSpec().qualifiedName()));
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception failure, CommandLine line) {
    String message = failure.getMessage();
    line.getErr().println(message != null ? message : failure.getClass().getSimpleName());
    return CommandLine.ExitCode.SOFTWARE;
  }
}
