package io.asyncproxy.route;

import java.util.List;

/**
 * Some HTTP statuses, written {@code 202} or {@code 2xx}.
 *
 * @param patterns what they are
 */
public record Statuses(List<String> patterns) {
  /** None. */
  public static final Statuses NONE = new Statuses(List.of());

  /** All that mean success. */
  public static final Statuses SUCCESS = new Statuses(List.of("2xx"));

  /** What may be written. */
  public static final String PATTERN = "[1-5](xx|\\d\\d)";

  /** Whether {@code status} is among them. */
  public boolean have(int status) {
    String text = Integer.toString(status);
    return patterns.stream()
        .anyMatch(
            pattern ->
                pattern.endsWith("xx")
                    ? text.charAt(0) == pattern.charAt(0)
                    : pattern.equals(text));
  }
}
