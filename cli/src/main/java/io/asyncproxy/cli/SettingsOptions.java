package io.asyncproxy.cli;

import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.settings.Setting;
import io.asyncproxy.settings.Settings;
import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Every setting as a flag of a command, and the values that result. */
final class SettingsOptions {
  private static final Path FILE = Path.of("async-proxy.yaml");
  private static final Path ALMOST = Path.of("async-proxy.yml");

  private SettingsOptions() {}

  static void addTo(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("--config")
                .type(Path.class)
                .paramLabel("FILE")
                .description("settings file; async-proxy.yaml where it is there")
                .build());
    for (Setting<?> setting : Settings.all()) {
      command.getCommandSpec().addOption(option(setting));
    }
  }

  private static OptionSpec option(Setting<?> setting) {
    String fallback = setting.fallback().map(text -> " (" + text + ")").orElse("");
    OptionSpec.Builder option =
        OptionSpec.builder(setting.flag())
            .type(String.class)
            .paramLabel(label(setting.key()))
            .description((setting.meaning() + fallback).replace("%", "%%"));
    setting.type().bare().ifPresent(value -> option.arity("0..1").fallbackValue(value));
    return option.build();
  }

  /** {@code URL} of {@code store.url}. */
  private static String label(String key) {
    return key.substring(key.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
  }

  static Values values(ParseResult parsed) throws InvalidSettingsException {
    return values(parsed, Map.of());
  }

  /** The same, where {@code instead} is what a flag says that is not given. */
  static Values values(ParseResult parsed, Map<String, String> instead)
      throws InvalidSettingsException {
    Map<String, String> flags = new HashMap<>(instead);
    for (Setting<?> setting : Settings.all()) {
      String flag = parsed.matchedOptionValue(setting.flag(), (String) null);
      if (flag != null) {
        flags.put(setting.key(), flag);
      }
    }
    return Values.resolve(new SettingsInput(flags, System.getenv(), file(parsed)));
  }

  /** What {@code serve} would go by if it were started here without flags. */
  static Values valuesHere() throws InvalidSettingsException {
    return Values.resolve(new SettingsInput(Map.of(), System.getenv(), fileHere()));
  }

  private static Optional<Path> fileHere() throws InvalidSettingsException {
    if (!Files.exists(FILE) && Files.exists(ALMOST)) {
      throw new InvalidSettingsException(
          List.of(ALMOST + " is not read: call it " + FILE + ", or name it by --config"));
    }
    return Optional.of(FILE).filter(Files::exists);
  }

  private static Optional<Path> file(ParseResult parsed) throws InvalidSettingsException {
    Path named = parsed.matchedOptionValue("--config", (Path) null);
    if (named != null && !Files.isReadable(named)) {
      throw new InvalidSettingsException(List.of("--config " + named + ": no readable file"));
    }
    return named != null ? Optional.of(named) : fileHere();
  }

  static int report(InvalidSettingsException invalid, CommandLine line) {
    invalid.mistakes().forEach(line.getErr()::println);
    return CommandLine.ExitCode.USAGE;
  }
}
