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
  /** The shells; zsh runs the same script by its {@code bashcompinit}. */
  enum Shell {
    bash,
    zsh
  }

  @Spec private CommandSpec spec;

  @Parameters(index = "0", defaultValue = "bash", description = "bash (default) or zsh")
  private Shell shell;

  @Override
  public Integer call() {
    String script = AutoComplete.bash("async-proxy", spec.root().commandLine());
    String before = shell == Shell.zsh ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
    spec.commandLine().getOut().print(before + script);
    spec.commandLine().getOut().flush();
    return CommandLine.ExitCode.OK;
  }
}
