package io.asyncproxy.cli;

import io.asyncproxy.ProxySettings;
import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.settings.Setting;
import io.asyncproxy.settings.Settings;
import io.asyncproxy.settings.Source;
import io.asyncproxy.settings.Values;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code config}: every setting, its effective value, and where it came from. */
@Command(
    name = "config",
    description = "Show every setting, its effective value and where it came from.",
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--check", description = "only say whether the settings are valid")
  private boolean check;

  @Option(names = "--example", description = "print a settings file with all defaults")
  private boolean example;

  @Option(names = "--schema", description = "print the JSON Schema of settings files")
  private boolean schema;

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    Logging.configure(Optional.of("text"), "warn", System.err);
    if (example || schema) {
      line.getOut().print(schema ? SchemaFile.text() : ExampleFile.text());
      line.getOut().flush();
      return CommandLine.ExitCode.OK;
    }
    try {
      Values values = SettingsOptions.values(line.getParseResult());
      ProxySettings settings = ProxySettings.from(values);
      if (check) {
        line.getOut().println("The settings are valid.");
      } else {
        List<List<String>> rows =
            Settings.all().stream().map(setting -> row(setting, values, settings)).toList();
        line.getOut().print(new Table(List.of("KEY", "VALUE", "FROM"), rows).text());
      }
      line.getOut().flush();
      return CommandLine.ExitCode.OK;
    } catch (InvalidSettingsException invalid) {
      return SettingsOptions.report(invalid, line);
    }
  }

  private static List<String> row(Setting<?> setting, Values values, ProxySettings settings) {
    Optional<Source> source = values.source(setting);
    String value =
        source
            .map(found -> setting.shown(found.text()))
            .orElseGet(() -> setting.secret() ? "unset" : effective(setting, values, settings));
    return List.of(setting.key(), value, source.map(Source::origin).orElse("default"));
  }

  /** What follows from other settings, or from the machine, where nothing is set. */
  private static String effective(Setting<?> setting, Values values, ProxySettings settings) {
    return switch (setting.key()) {
      case "public-url" ->
          settings.tunnel().isPresent()
              ? "the tunnel's"
              : settings.publicUrl(values.get(Settings.PORT)).toString();
      case "held.max" -> Integer.toString(ProxySettings.heldByThisMachine());
      case "log.format" -> Terminal.isWatched() ? "text" : "json";
      default -> "-";
    };
  }
}
