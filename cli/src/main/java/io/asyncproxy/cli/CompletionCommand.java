package io.asyncproxy.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: a script that completes commands and flags in a shell. */
@Command(
    name = "completion",
    description = "Print a completion script: source <(async-proxy completion bash)")
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class CompletionCommand implements Callable<Integer> {
  /** The shells; zsh runs the same script after {@code bashcompinit}, which it does itself. */
  enum Shell {
    bash,
    zsh
  }

  @Spec private CommandSpec spec;

  @Parameters(index = "0", defaultValue = "bash", description = "bash (default) or zsh")
  private Shell shell;

  @Override
  public Integer call() {
    CommandLine main = spec.root().commandLine();
    spec.commandLine().getOut().print(AutoComplete.bash("async-proxy", main));
    spec.commandLine().getOut().flush();
    return CommandLine.ExitCode.OK;
  }
}
