package io.asyncproxy.api;

import io.asyncproxy.http.Problem;
import java.util.List;
import java.util.Optional;

/**
 * The header {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header-07): a quoted
 * string (RFC 8941, section 3.3.3); a bare one is taken as well.
 */
final class IdempotencyKeys {
  private static final int MOST_CHARS = 255;

  private IdempotencyKeys() {}

  /** The key; fails with 400 where it can't be one. */
  static Optional<String> parse(List<String> headers) {
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    if (headers.size() > 1) {
      throw invalid("given more than once");
    }
    String key = unquoted(headers.getFirst().strip());
    if (key.isEmpty()) {
      throw invalid("empty");
    }
    if (key.length() > MOST_CHARS) {
      throw invalid("longer than " + MOST_CHARS + " characters");
    }
    if (!key.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw invalid("only printable ASCII characters are allowed");
    }
    return Optional.of(key);
  }

  private static String unquoted(String text) {
    if (!text.startsWith("\"")) {
      return text;
    }
    StringBuilder key = new StringBuilder(text.length());
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        requireEnd(text, i);
        return key.toString();
      }
      boolean escape = c == '\\' && i + 1 < text.length();
      key.append(escape ? text.charAt(++i) : c);
    }
    throw invalid("the closing quote is missing");
  }

  private static void requireEnd(String text, int quote) {
    boolean parameters = text.substring(quote + 1).stripLeading().startsWith(";");
    if (quote != text.length() - 1 && !parameters) {
      throw invalid("there is something behind the closing quote");
    }
  }

  private static RuntimeException invalid(String why) {
    return Problem.of(400, "Invalid Idempotency-Key: " + why).exception();
  }
}
