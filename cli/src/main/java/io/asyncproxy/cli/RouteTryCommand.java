package io.asyncproxy.cli;

import io.asyncproxy.AsyncProxy;
import io.asyncproxy.ProxySettings;
import io.asyncproxy.route.Route;
import io.asyncproxy.settings.InvalidSettingsException;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code routes try}: one job by a route, from a proxy of its own, and what becomes of it. */
@Command(
    name = "try",
    description = "Run one job by a route, and show its timeline.",
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class RouteTryCommand implements Callable<Integer> {
  private static final int SHOWN_BYTES = 2_000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "the route")
  private String name;

  @Option(
      names = "--body",
      paramLabel = "TEXT|@FILE",
      defaultValue = "{}",
      description = "what to send ({})")
  private String body;

  @Option(names = "--path", description = "the path to ask for, where the route's has parameters")
  private @Nullable String path;

  @Option(names = "--header", paramLabel = "NAME: VALUE", description = "a header field to send")
  private @Nullable List<String> headers;

  private long beganNanos;

  @Override
  public Integer call() throws Exception {
    CommandLine line = spec.commandLine();
    Logging.configure(Optional.of("text"), "warn", System.err);
    ProxySettings settings;
    try {
      settings =
          ProxySettings.from(
              SettingsOptions.values(
                  line.getParseResult(),
                  Map.of("store.url", "memory:", "port", "0", "admin.port", "0")));
    } catch (InvalidSettingsException invalid) {
      return SettingsOptions.report(invalid, line);
    }
    Route route = route(settings);
    AsyncProxy proxy = new AsyncProxy(settings, InstantSource.system());
    try {
      int port = proxy.start().await(60, TimeUnit.SECONDS);
      print("Callbacks go to " + settings.publicUrl(port) + "/callback/...");
      return run(route, URI.create("http://127.0.0.1:" + port));
    } finally {
      proxy.close().await(60, TimeUnit.SECONDS);
    }
  }

  private Route route(ProxySettings settings) {
    List<String> names = settings.routes().all().stream().map(Route::name).toList();
    return settings
        .routes()
        .named(name)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    names.isEmpty()
                        ? "The settings have no routes"
                        : "There is no route %s; there are %s"
                            .formatted(name, String.join(", ", names))));
  }

  private int run(Route route, URI base) throws Exception {
    String asked = path != null ? path : route.path().text();
    if (asked.contains("{") || asked.contains("*")) {
      throw new ParameterException(
          spec.commandLine(), "The route's path has parameters: say --path, such as " + asked);
    }
    HttpRequest.Builder start =
        HttpRequest.newBuilder(base.resolve(asked))
            .header("Prefer", "respond-async")
            .POST(BodyPublishers.ofByteArray(RoutesCommand.bytes(body)));
    boolean typed = false;
    for (String header : headers == null ? List.<String>of() : headers) {
      Map.Entry<String, String> field = RoutesCommand.field(spec, header);
      start.header(field.getKey(), field.getValue());
      typed |= field.getKey().equalsIgnoreCase("Content-Type");
    }
    if (!typed) {
      String type = route.start().contentTypes().getFirst();
      start.header("Content-Type", type.contains("*") ? "application/octet-stream" : type);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      beganNanos = System.nanoTime();
      HttpResponse<String> answer = client.send(start.build(), BodyHandlers.ofString());
      tell("POST " + asked + " was answered " + answer.statusCode());
      if (answer.statusCode() != 202) {
        print(answer.body());
        return CommandLine.ExitCode.SOFTWARE;
      }
      return follow(client, base, new JsonObject(answer.body()).getString("id"));
    }
  }

  private int follow(HttpClient client, URI base, String job) throws Exception {
    HttpRequest stream =
        HttpRequest.newBuilder(base.resolve("/proxy/jobs/" + job))
            .header("Accept", "text/event-stream")
            .build();
    JsonObject last = new JsonObject();
    try (Stream<String> lines = client.send(stream, BodyHandlers.ofLines()).body()) {
      String event = "";
      for (String line : (Iterable<String>) lines::iterator) {
        if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          last = new JsonObject(line.substring(6));
          tell(event.equals("progress") ? "progress " + last.getValue("progress") : state(last));
        }
      }
    }
    return end(client, base, job, last);
  }

  private static String state(JsonObject job) {
    StringBuilder text = new StringBuilder(job.getString("state"));
    Optional.ofNullable(job.getString("job_server_id"))
        .filter(_ -> job.getString("state").equals("running"))
        .ifPresent(id -> text.append(", the API calls it ").append(id));
    Optional.ofNullable(job.getString("error")).ifPresent(error -> text.append(": ").append(error));
    return text.toString();
  }

  private int end(HttpClient client, URI base, String job, JsonObject last) throws Exception {
    HttpResponse<byte[]> result =
        client.send(
            HttpRequest.newBuilder(base.resolve("/proxy/jobs/" + job + "/result")).build(),
            BodyHandlers.ofByteArray());
    if (result.statusCode() == 200) {
      tell(
          "the result: %s, %d bytes"
              .formatted(
                  result.headers().firstValue("Content-Type").orElse("-"), result.body().length));
      print("");
      int shown = Math.min(result.body().length, SHOWN_BYTES);
      print(new String(result.body(), 0, shown, java.nio.charset.StandardCharsets.UTF_8));
    }
    return last.getString("state", "").equals("completed")
        ? CommandLine.ExitCode.OK
        : CommandLine.ExitCode.SOFTWARE;
  }

  private void tell(String what) {
    double seconds = (System.nanoTime() - beganNanos) / 1e9;
    print(String.format(Locale.ROOT, "%9.3f s  %s", seconds, what));
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
