package io.asyncproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.route.Presets;
import io.asyncproxy.route.Route;
import io.asyncproxy.route.RouteExplanation;
import io.asyncproxy.route.Routes;
import io.asyncproxy.route.RoutesSection;
import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.settings.Settings;
import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code routes}: looks at the routes of a settings file before it is used. */
@Command(
    name = "routes",
    description = "Check and try the routes of a settings file; list the presets.",
    subcommands = RouteTryCommand.class)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class RoutesCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "One of check, try and presets is missing");
  }

  @Command(name = "presets", description = "List the presets, or print one.")
  int presets(@Parameters(paramLabel = "NAME", arity = "0..1") @Nullable String name) {
    if (name == null) {
      List<List<String>> rows =
          Presets.names().stream()
              .map(preset -> List.of(preset, Presets.description(preset)))
              .toList();
      print(new Table(List.of("PRESET", "WHAT IT IS"), rows).text().stripTrailing());
      return CommandLine.ExitCode.OK;
    }
    if (!Presets.names().contains(name)) {
      throw new ParameterException(
          spec.commandLine(),
          "There is no preset %s; there are %s"
              .formatted(name, String.join(", ", Presets.names())));
    }
    print(Presets.text(name).stripTrailing());
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "check",
      description = "Show what each route sends and how it reads callbacks, secrets masked.")
  int check(
      @Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              description = "settings file (async-proxy.yaml)")
          @Nullable Path file,
      @Option(names = "--route", paramLabel = "NAME", description = "only this one")
          @Nullable String only,
      @Option(
              names = "--body",
              paramLabel = "JSON|@FILE",
              defaultValue = "{}",
              description = "what a client sends ({})")
          String body,
      @Option(
              names = "--callback",
              paramLabel = "JSON|@FILE",
              description = "a callback to explain; @- reads it from standard input")
          @Nullable String callback,
      @Option(
              names = "--header",
              paramLabel = "NAME: VALUE",
              description = "a header field of that callback; may be given several times")
          @Nullable List<String> headers)
      throws IOException {
    Logging.configure(Optional.of("text"), "warn", System.err);
    try {
      Values values = values(Optional.ofNullable(file).orElse(Path.of("async-proxy.yaml")));
      Routes routes = RoutesSection.read(values.section("routes"), values.environment());
      List<Route> shown =
          routes.all().stream().filter(r -> only == null || r.name().equals(only)).toList();
      if (shown.isEmpty()) {
        print(only == null ? "There are no routes." : "There is no route " + only + ".");
        return CommandLine.ExitCode.SOFTWARE;
      }
      String base = callbackBase(values);
      for (Route route : shown) {
        explain(route, body, base, callback, headers == null ? List.of() : headers);
      }
      return CommandLine.ExitCode.OK;
    } catch (InvalidSettingsException invalid) {
      return SettingsOptions.report(invalid, spec.commandLine());
    }
  }

  private static Values values(Path file) throws InvalidSettingsException {
    if (!Files.isReadable(file)) {
      throw new InvalidSettingsException(List.of(file + ": no readable file"));
    }
    return Values.resolve(new SettingsInput(Map.of(), System.getenv(), Optional.of(file)));
  }

  private static String callbackBase(Values values) {
    return values
            .find(Settings.PUBLIC_URL)
            .map(Object::toString)
            .orElse("http://localhost:" + values.get(Settings.PORT) + "/proxy")
        + "/callback";
  }

  private void explain(
      Route route, String body, String base, @Nullable String callback, List<String> headers)
      throws IOException {
    RouteExplanation explanation = new RouteExplanation(route);
    print("");
    print("Route " + route.name() + ": POST " + route.path().text());
    print("");
    explanation.start(bytes(body), base).forEach(line -> print("    " + line));
    print("");
    explanation.rules().forEach(line -> print("  - " + line));
    if (callback != null) {
      print("");
      print("  This callback:");
      byte[] sample = bytes(callback);
      explanation
          .callback(new RouteExplanation.Sample(fields(headers, sample), "", sample), Instant.now())
          .forEach(line -> print("    " + line));
    }
  }

  /** Of what looks like JSON nobody has to say so. */
  private Map<String, String> fields(List<String> headers, byte[] body) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (new String(body, UTF_8).stripLeading().startsWith("{")) {
      fields.put("Content-Type", "application/json");
    }
    for (String header : headers) {
      Map.Entry<String, String> field = field(spec, header);
      fields.keySet().removeIf(field.getKey()::equalsIgnoreCase);
      fields.put(field.getKey(), field.getValue());
    }
    return fields;
  }

  /** Reads {@code NAME: VALUE}. */
  static Map.Entry<String, String> field(CommandSpec spec, String header) {
    int colon = header.indexOf(':');
    if (colon < 1) {
      throw new ParameterException(
          spec.commandLine(), "--header " + header + ": NAME: VALUE is needed");
    }
    return Map.entry(header.substring(0, colon), header.substring(colon + 1).strip());
  }

  /** What is given, or what is in the file behind the @. */
  static byte[] bytes(String argument) throws IOException {
    if (argument.equals("@-")) {
      return System.in.readAllBytes();
    }
    if (!argument.startsWith("@")) {
      return argument.getBytes(UTF_8);
    }
    Path file = Path.of(argument.substring(1));
    if (!Files.isReadable(file)) {
      throw new IOException(argument + ": no readable file");
    }
    return Files.readAllBytes(file);
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
