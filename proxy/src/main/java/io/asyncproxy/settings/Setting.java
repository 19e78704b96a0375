package io.asyncproxy.settings;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A setting.
 *
 * @param key its name in the file, as in {@code job-server.url}
 * @param type what it may be
 * @param fallback the value where none is given, as it would be written; empty where there is none
 * @param secret whether its value is never shown
 * @param meaning a line for people
 * @param <T> what it is read as
 */
public record Setting<T>(
    String key, SettingType<T> type, Optional<String> fallback, boolean secret, String meaning) {

  private static final Pattern LOGIN = Pattern.compile("://(?:(?!://)\\S)*@");

  /** The environment variable: {@code JOB_SERVER_URL}. */
  public String variable() {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The command-line flag: {@code --job-server-url}. */
  public String flag() {
    return "--" + key.replace('.', '-');
  }

  /**
   * How {@code value} is shown: never a secret, nor who logs in by a URL. Passwords have any
   * characters, where somebody forgot to encode them: up to the last {@code @} of each URL.
   */
  public String shown(String value) {
    return secret ? "set" : LOGIN.matcher(value).replaceAll("://***@");
  }
}
