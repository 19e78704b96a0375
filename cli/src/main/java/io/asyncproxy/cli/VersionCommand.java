package io.asyncproxy.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code version}: what this is. */
@Command(name = "version", description = "Show the version.")
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(text());
    spec.commandLine().getOut().flush();
    return CommandLine.ExitCode.OK;
  }

  static String text() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return "async-proxy %s (Java %s)"
        .formatted(version != null ? version : "unpackaged", Runtime.version());
  }
}
