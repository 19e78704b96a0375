package io.asyncproxy.cli;

import io.asyncproxy.cli.AdminClient.AdminException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code top}: how a running proxy does, again and again. */
@Command(name = "top", description = "Show how a running proxy does, each second; Ctrl-C ends it.")
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class TopCommand implements Callable<Integer> {
  private static final String HOME_AND_CLEAR = "\033[H\033[2J";

  @Spec private CommandSpec spec;
  @Mixin private AdminOptions admin;

  @Option(
      names = "--every",
      defaultValue = "1s",
      converter = DurationConverter.class,
      description = "how often it looks (1s)")
  private Duration every;

  @Option(names = "--once", description = "look once, as where nobody watches a terminal")
  private boolean once;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    AdminClient client = admin.client();
    if (once || !Terminal.isWatched()) {
      show(out, admin.json() ? client.get("/admin/live", Map.of()).encode() : view(client));
      return 0;
    }
    while (true) {
      show(out, HOME_AND_CLEAR + viewOrTrouble(client));
      Thread.sleep(every);
    }
  }

  private static void show(PrintWriter out, String text) {
    out.println(text.stripTrailing());
    out.flush();
  }

  private static String view(AdminClient client) throws Exception {
    return new TopView(
            client.get("/admin/live", Map.of("points", "60")), client.get("/admin/nodes", Map.of()))
        .text();
  }

  /** A proxy that is restarted comes back. */
  private static String viewOrTrouble(AdminClient client) throws Exception {
    try {
      return view(client);
    } catch (AdminException trouble) {
      return trouble.getMessage() + System.lineSeparator() + "Trying again; Ctrl-C ends it.";
    }
  }
}
