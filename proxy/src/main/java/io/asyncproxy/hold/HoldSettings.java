package io.asyncproxy.hold;

import java.time.Duration;

/**
 * How long, and how many, clients are held.
 *
 * @param timeout for whom doesn't say
 * @param longest the most that {@code Prefer: wait} gets
 * @param most how many requests are held at once
 */
public record HoldSettings(Duration timeout, Duration longest, int most) {

  /** Checks that they fit together. */
  public HoldSettings {
    if (longest.compareTo(timeout) < 0) {
      throw new IllegalArgumentException(
          "hold.max must be at least hold.timeout (%s), was %s"
              .formatted(text(timeout), text(longest)));
    }
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
