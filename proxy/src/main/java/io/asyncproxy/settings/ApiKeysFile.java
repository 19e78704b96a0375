package io.asyncproxy.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads {@code api-keys.file}: a list {@code keys} in YAML 1.2. */
public final class ApiKeysFile {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final Set<String> MEMBERS = Set.of("name", "sha256", "accounts", "rate");

  private final Path path;
  private final List<String> mistakes = new ArrayList<>();
  private final List<ApiKey> keys = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  private ApiKeysFile(Path path) {
    this.path = path;
  }

  /**
   * The keys in {@code path}.
   *
   * @throws InvalidSettingsException with a line for each mistake, which never shows a hash
   */
  public static List<ApiKey> read(Path path) throws InvalidSettingsException {
    ApiKeysFile file = new ApiKeysFile(path);
    try (Reader reader = Files.newBufferedReader(path)) {
      LoadSettings settings =
          LoadSettings.builder().setLabel(path.toString()).setSchema(new CoreSchema()).build();
      file.addAll(new Load(settings).loadFromReader(reader));
    } catch (YamlEngineException malformed) {
      file.mistakes.add("%s: not YAML: %s".formatted(path, firstLine(malformed)));
    } catch (IOException unreadable) {
      file.mistakes.add("api-keys.file: %s can't be read: %s".formatted(path, unreadable));
    }
    if (!file.mistakes.isEmpty()) {
      throw new InvalidSettingsException(file.mistakes);
    }
    return List.copyOf(file.keys);
  }

  private static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private void addAll(@Nullable Object root) {
    if (!(root instanceof Map<?, ?> map)
        || !map.keySet().equals(Set.of("keys"))
        || !(map.get("keys") instanceof List<?> list)) {
      mistakes.add(path + ": must be a list named keys, and nothing else");
      return;
    }
    int number = 0;
    for (Object item : list) {
      String where = "%s: key %d".formatted(path, ++number);
      if (item instanceof Map<?, ?> members) {
        add(where, members);
      } else {
        mistakes.add(where + ": must have name and sha256");
      }
    }
  }

  private void add(String where, Map<?, ?> members) {
    int before = mistakes.size();
    for (Object member : members.keySet()) {
      if (!MEMBERS.contains(String.valueOf(member))) {
        mistakes.add(
            "%s: unknown member %s; allowed: name, sha256, accounts, rate"
                .formatted(where, member));
      }
    }
    String name = String.valueOf(members.get("name"));
    if (members.get("name") == null || !NAME.matcher(name).matches()) {
      mistakes.add(where + ": name must be 1 to 64 letters, digits, points, dashes or underscores");
    } else if (!seen.add("name " + name)) {
      mistakes.add(where + ": the name " + name + " is given twice");
    }
    String hash = String.valueOf(members.get("sha256")).toLowerCase(Locale.ROOT);
    if (!SHA_256.matcher(hash).matches()) {
      mistakes.add(
          where
              + ": sha256 must be 64 hex digits (quoted); 'async-proxy api-keys new' prints them");
    } else if (!seen.add("hash " + hash)) {
      mistakes.add(where + ": the same sha256 is given twice");
    }
    Optional<Set<String>> accounts = accounts(where, members.get("accounts"));
    Rate rate = rate(where, members.get("rate"));
    if (mistakes.size() == before) {
      keys.add(new ApiKey(name, hash, accounts, rate));
    }
  }

  private Optional<Set<String>> accounts(String where, @Nullable Object value) {
    if (value == null) {
      return Optional.empty();
    }
    Set<String> accounts = new LinkedHashSet<>();
    if (value instanceof List<?> list) {
      list.forEach(account -> accounts.add(String.valueOf(account)));
    }
    if (accounts.isEmpty()) {
      mistakes.add(where + ": accounts must be a list of at least one");
    }
    return Optional.of(Set.copyOf(accounts));
  }

  private Rate rate(String where, @Nullable Object value) {
    if (value == null) {
      return Rate.OFF;
    }
    Optional<Rate> rate = SettingType.rate().parser().apply(String.valueOf(value));
    if (rate.isEmpty()) {
      mistakes.add("%s: rate must be %s".formatted(where, SettingType.rate().allowed()));
    }
    return rate.orElse(Rate.OFF);
  }
}
