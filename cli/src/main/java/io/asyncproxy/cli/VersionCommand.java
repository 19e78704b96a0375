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
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    spec.commandLine()
        .getOut()
        .printf(
            "async-proxy %s (Java %s)%n",
            version != null ? version : "unpackaged", Runtime.version());
    spec.commandLine().getOut().flush();
    return CommandLine.ExitCode.OK;
  }
}
