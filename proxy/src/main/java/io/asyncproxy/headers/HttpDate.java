package io.asyncproxy.headers;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Dates in headers, in the one form that may still be sent (RFC 9110, section 5.6.7). */
final class HttpDate {
  private HttpDate() {}

  static Optional<Instant> parse(String text) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
    } catch (DateTimeException noDate) {
      return Optional.empty();
    }
  }
}
