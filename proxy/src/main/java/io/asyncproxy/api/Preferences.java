package io.asyncproxy.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client prefers (RFC 7240): the two preferences that we know. Others, and malformed ones,
 * are ignored; of one that is given twice the first counts.
 *
 * @param respondAsync {@code respond-async}: answer 202 rather than make the client wait
 * @param waitFor {@code wait}: how long the client is willing to wait
 */
record Preferences(boolean respondAsync, Optional<Duration> waitFor) {
  private static final Preferences NONE = new Preferences(false, Optional.empty());

  /** Reads the values of all {@code Prefer} headers. */
  static Preferences parse(List<String> headers) {
    Preferences found = NONE;
    for (String header : headers) {
      for (String preference : split(header, ',')) {
        found = found.and(split(preference, ';').getFirst().strip());
      }
    }
    return found;
  }

  /** The parts between separators that stand outside of quoted strings; at least one. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(text.substring(from));
    return parts;
  }

  private Preferences and(String preference) {
    String[] parts = preference.split("=", 2);
    String name = parts[0].strip().toLowerCase(Locale.ROOT);
    if (name.equals("respond-async") && parts.length == 1) {
      return new Preferences(true, waitFor);
    }
    if (name.equals("wait") && parts.length == 2 && waitFor.isEmpty()) {
      return new Preferences(respondAsync, seconds(parts[1].strip()));
    }
    return this;
  }

  private static Optional<Duration> seconds(String text) {
    String digits =
        text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
            ? text.substring(1, text.length() - 1)
            : text;
    boolean number = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number) {
      return Optional.empty();
    }
    return Optional.of(
        digits.length() > 9 ? Duration.ofDays(365) : Duration.ofSeconds(Integer.parseInt(digits)));
  }

  /** What {@code Preference-Applied} says; empty where nothing was preferred. */
  Optional<String> applied(Duration held, boolean async) {
    Optional<String> waited = waitFor.map(_ -> "wait=" + held.toSeconds());
    if (!respondAsync || !async) {
      return waited;
    }
    return Optional.of(waited.map(wait -> "respond-async, " + wait).orElse("respond-async"));
  }
}
