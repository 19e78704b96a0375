package io.asyncproxy.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jobs}: the jobs of a running proxy. */
@Command(name = "jobs", description = "List, show and cancel the jobs of a running proxy.")
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class JobsCommand implements Runnable {
  private static final List<String> COLUMNS =
      List.of("id", "account", "state", "attempts", "created_at", "finished_at");

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "One of list, show and cancel is missing");
  }

  @Command(name = "list", description = "List jobs, newest first.")
  int list(
      @Mixin AdminOptions admin,
      @Option(names = "--state", description = "only jobs in this state") @Nullable String state,
      @Option(names = "--account", description = "only jobs of this account")
          @Nullable String account,
      @Option(names = "--limit", defaultValue = "100", description = "at most so many (100)")
          int limit)
      throws Exception {
    Map<String, String> query = new LinkedHashMap<>();
    if (state != null) {
      query.put("state", state);
    }
    if (account != null) {
      query.put("account", account);
    }
    admin.print(
        spec.commandLine().getOut(),
        AdminOptions.list(admin.client(), "/admin/jobs", query, limit),
        COLUMNS);
    return 0;
  }

  @Command(name = "show", description = "Show all that is known of a job.")
  int show(@Mixin AdminOptions admin, @Parameters(paramLabel = "ID") String id) throws Exception {
    admin.print(spec.commandLine().getOut(), admin.client().get("/admin/jobs/" + id, Map.of()));
    return 0;
  }

  @Command(name = "cancel", description = "Call jobs off.")
  int cancel(
      @Mixin AdminOptions admin, @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids)
      throws Exception {
    OneByOne each =
        new OneByOne(
            spec.commandLine(), admin.json(), id -> admin.client().delete("/admin/jobs/" + id));
    List<String> cancelled = each.of(ids);
    PrintWriter out = spec.commandLine().getOut();
    if (admin.json()) {
      out.println(new JsonObject().put("cancelled", new JsonArray(cancelled)).encode());
    } else {
      cancelled.forEach(id -> out.println("Cancelled " + id));
    }
    out.flush();
    return each.exit("cancelled");
  }
}
