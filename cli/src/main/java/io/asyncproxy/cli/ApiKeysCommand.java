package io.asyncproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Digest;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code api-keys}: makes the keys that clients send. */
@Command(name = "api-keys", description = "Make API keys.", subcommands = ApiKeysCommand.New.class)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class ApiKeysCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing subcommand: new");
  }

  /** {@code api-keys new}: prints a key, once, and what the file needs. */
  @Command(
      name = "new",
      description = "Make an API key: the key itself, shown once, and the lines for api-keys.file.")
  static final class New implements Callable<Integer> {
    private static final int KEY_BYTES = 32;

    @Spec private CommandSpec spec;

    @Option(
        names = "--name",
        paramLabel = "NAME",
        defaultValue = "client",
        description = "what it is called (default: client)")
    private String name;

    @Override
    public Integer call() {
      if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
        throw new ParameterException(
            spec.commandLine(),
            "--name %s: 1 to 64 letters, digits, points, dashes or underscores".formatted(name));
      }
      byte[] bytes = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(bytes);
      String key = "apk_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      PrintWriter out = spec.commandLine().getOut();
      out.printf("%s%n%n", key);
      out.printf("The client sends it as   Authorization: Bearer <key>%n");
      out.printf("It is not shown again. In api-keys.file, under keys:%n%n");
      out.printf("  - name: %s%n", name);
      out.printf("    sha256: \"%s\"%n", Digest.of(key.getBytes(UTF_8)).hex());
      out.flush();
      return CommandLine.ExitCode.OK;
    }
  }
}
