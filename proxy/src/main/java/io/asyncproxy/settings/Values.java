package io.asyncproxy.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** The effective values of all settings, and where each came from. Immutable. */
public final class Values {
  private static final String DEFAULT = "default";

  private final Map<String, Source> sources;
  private final Map<String, Object> parsed;
  private final Map<String, Node> sections;
  private final Map<String, String> environment;

  private Values(
      Map<String, Source> sources,
      Map<String, Object> parsed,
      Map<String, Node> sections,
      Map<String, String> environment) {
    this.sources = sources;
    this.parsed = parsed;
    this.sections = sections;
    this.environment = environment;
  }

  /**
   * Resolves every setting.
   *
   * @throws InvalidSettingsException with every mistake, not only the first
   */
  public static Values resolve(SettingsInput input) throws InvalidSettingsException {
    List<String> mistakes = new ArrayList<>();
    Map<String, Source> inFile = new HashMap<>();
    Map<String, Node> sections = new HashMap<>();
    input
        .file()
        .map(SettingsFile::read)
        .ifPresent(
            file -> {
              mistakes.addAll(file.mistakes());
              inFile.putAll(file.values());
              sections.putAll(file.sections());
            });
    Map<String, Source> sources = new HashMap<>();
    Map<String, Object> parsed = new HashMap<>();
    for (Setting<?> setting : Settings.all()) {
      Optional<Source> source = find(setting, input, inFile.remove(setting.key()));
      source.ifPresent(found -> sources.put(setting.key(), found));
      source.ifPresent(found -> parse(setting, found, parsed, mistakes));
    }
    follow(Settings.HOLD_MAX, Settings.HOLD_TIMEOUT, sources, parsed);
    follow(Settings.JOB_SERVER_MAX_BACKOFF, Settings.JOB_SERVER_BACKOFF, sources, parsed);
    inFile.forEach((key, source) -> mistakes.add(unknown(key, source)));
    if (!mistakes.isEmpty()) {
      throw new InvalidSettingsException(mistakes);
    }
    return new Values(sources, parsed, Map.copyOf(sections), Map.copyOf(input.environment()));
  }

  /** The default of {@code upper} is never below {@code lower}, where only that was set. */
  private static void follow(
      Setting<Duration> upper,
      Setting<Duration> lower,
      Map<String, Source> sources,
      Map<String, Object> parsed) {
    Source above = sources.get(upper.key());
    Source below = sources.get(lower.key());
    if (above != null
        && below != null
        && above.origin().equals(DEFAULT)
        && parsed.get(lower.key()) instanceof Duration least
        && parsed.get(upper.key()) instanceof Duration most
        && most.compareTo(least) < 0) {
      parsed.put(upper.key(), least);
      sources.put(upper.key(), new Source(below.text(), lower.key()));
    }
  }

  private static Optional<Source> find(
      Setting<?> setting, SettingsInput input, @org.jspecify.annotations.Nullable Source inFile) {
    String flag = input.flags().get(setting.key());
    if (flag != null) {
      return Optional.of(new Source(flag, "flag " + setting.flag()));
    }
    String variable = input.environment().get(setting.variable());
    if (variable != null && !variable.isEmpty()) {
      return Optional.of(new Source(variable, "variable " + setting.variable()));
    }
    return Optional.ofNullable(inFile)
        .or(() -> setting.fallback().map(text -> new Source(text, DEFAULT)));
  }

  private static void parse(
      Setting<?> setting, Source source, Map<String, Object> parsed, List<String> mistakes) {
    Optional<?> value = setting.type().parser().apply(source.text());
    if (value.isPresent()) {
      parsed.put(setting.key(), value.get());
    } else {
      mistakes.add(
          "%s = %s (%s): must be %s"
              .formatted(
                  setting.key(),
                  setting.shown(source.text()),
                  source.origin(),
                  setting.type().allowed()));
    }
  }

  private static String unknown(String key, Source source) {
    return "%s (%s): unknown key%s".formatted(key, source.origin(), NearestKey.hint(key));
  }

  /** The value of a setting that always has one. */
  public <T> T get(Setting<T> setting) {
    return find(setting).orElseThrow(() -> new IllegalStateException(setting.key() + " is unset"));
  }

  /** The value of a setting that may have none. */
  @SuppressWarnings("unchecked") // what was put in under this key is what its type's parser gave
  public <T> Optional<T> find(Setting<T> setting) {
    return Optional.ofNullable((T) parsed.get(setting.key()));
  }

  /** The part of the settings file called {@code name}, whose keys are not settings. */
  public Optional<Node> section(String name) {
    return Optional.ofNullable(sections.get(name));
  }

  /** The environment variables that settings were looked for in. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Where the value came from, and how it was written. */
  public Optional<Source> source(Setting<?> setting) {
    return Optional.ofNullable(sources.get(setting.key()));
  }
}
