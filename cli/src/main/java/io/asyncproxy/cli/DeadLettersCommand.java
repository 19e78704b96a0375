package io.asyncproxy.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dead-letters}: the jobs that a running proxy gave up. */
@Command(
    name = "dead-letters",
    description = "List, show, replay and discard the jobs that a running proxy gave up.")
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class DeadLettersCommand implements Runnable {
  private static final String PATH = "/admin/dead-letters";
  private static final List<String> COLUMNS =
      List.of("id", "account", "reason", "attempts", "finished_at", "error");

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "One of list, show, replay and discard is missing");
  }

  @Command(name = "list", description = "List dead letters, newest first.")
  int list(
      @Mixin AdminOptions admin,
      @Option(names = "--reason", description = "only those given up for this reason")
          @Nullable String reason,
      @Option(names = "--limit", defaultValue = "100", description = "at most so many (100)")
          int limit)
      throws Exception {
    JsonArray letters = AdminOptions.list(admin.client(), PATH, query(reason), limit);
    admin.print(out(), letters, COLUMNS, limit);
    return 0;
  }

  private static Map<String, String> query(@Nullable String reason) {
    return reason == null ? Map.of() : Map.of("reason", reason);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(name = "show", description = "Show a dead letter: request, history, payloads.")
  int show(@Mixin AdminOptions admin, @Parameters(paramLabel = "ID") String id) throws Exception {
    admin.print(out(), admin.client().get(PATH + '/' + id, Map.of()));
    return 0;
  }

  @Command(
      name = "replay",
      description = "Start the jobs of dead letters again, as new jobs. Twice is the same as once.")
  int replay(
      @Mixin AdminOptions admin,
      @Option(names = "--reason", description = "all that were given up for this reason")
          @Nullable String reason,
      @Option(names = "--all", description = "all of them") boolean all,
      @Parameters(paramLabel = "ID", arity = "0..*") @Nullable List<String> ids)
      throws Exception {
    JsonArray replays = new JsonArray();
    OneByOne each =
        new OneByOne(
            spec.commandLine(),
            admin.json(),
            id -> {
              String job = admin.client().post(PATH + '/' + id + "/replay").getString("id");
              replays.add(new JsonObject().put("id", job).put("replay_of", id));
            });
    each.of(chosen(admin, reason, all, ids));
    admin.print(out(), replays, List.of("id", "replay_of"));
    return each.exit("replayed");
  }

  @Command(name = "discard", description = "Forget dead letters.")
  int discard(
      @Mixin AdminOptions admin,
      @Option(names = "--reason", description = "all that were given up for this reason")
          @Nullable String reason,
      @Option(names = "--all", description = "all of them") boolean all,
      @Parameters(paramLabel = "ID", arity = "0..*") @Nullable List<String> ids)
      throws Exception {
    OneByOne each =
        new OneByOne(
            spec.commandLine(), admin.json(), id -> admin.client().delete(PATH + '/' + id));
    int discarded = each.of(chosen(admin, reason, all, ids)).size();
    if (admin.json()) {
      out().println(new JsonObject().put("discarded", discarded).encode());
    } else {
      out().println("Discarded " + discarded);
    }
    out().flush();
    return each.exit("discarded");
  }

  private List<String> chosen(
      AdminOptions admin, @Nullable String reason, boolean all, @Nullable List<String> ids)
      throws Exception {
    boolean named = ids != null && !ids.isEmpty();
    int ways = (named ? 1 : 0) + (reason != null ? 1 : 0) + (all ? 1 : 0);
    if (ways != 1) {
      throw new ParameterException(
          spec.commandLine(), "Name dead letters by ID, or by --reason, or by --all");
    }
    if (named && ids != null) {
      return ids;
    }
    JsonArray found = AdminOptions.list(admin.client(), PATH, query(reason), Integer.MAX_VALUE);
    return IntStream.range(0, found.size())
        .mapToObj(found::getJsonObject)
        .map(letter -> letter.getString("id"))
        .toList();
  }
}
