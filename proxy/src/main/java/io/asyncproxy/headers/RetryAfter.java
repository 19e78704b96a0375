package io.asyncproxy.headers;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The header {@code Retry-After} (RFC 9110, section 10.2.3), in both of its forms; a day at most.
 */
public final class RetryAfter {
  private static final Duration MOST = Duration.ofDays(1);

  private RetryAfter() {}

  /** How long to wait from {@code now}; empty where the header is absent or makes no sense. */
  public static Optional<Duration> parse(Optional<String> header, Instant now) {
    return header.map(String::trim).flatMap(text -> parse(text, now)).map(RetryAfter::bounded);
  }

  private static Optional<Duration> parse(String text, Instant now) {
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.of(text.length() > 9 ? MOST : Duration.ofSeconds(Integer.parseInt(text)));
    }
    return HttpDate.parse(text).map(date -> Duration.between(now, date));
  }

  private static Duration bounded(Duration wait) {
    return wait.isNegative() ? Duration.ZERO : wait.compareTo(MOST) > 0 ? MOST : wait;
  }
}
