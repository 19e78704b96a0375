package io.asyncproxy.json;

import java.util.Optional;

/**
 * A member of a JSON object.
 *
 * @param kind what its value is
 * @param text the value of a string, without quotes and escapes; else empty
 * @param from the offset of the first byte of its name
 * @param to the offset behind the last byte of its value
 */
public record Member(Kind kind, String text, int from, int to) {

  /** What a value can be. */
  public enum Kind {
    /** A string. */
    STRING,
    /** The literal {@code true}. */
    TRUE,
    /** The literal {@code false}. */
    FALSE,
    /** The literal {@code null}. */
    NULL,
    /** A number, an array or an object. */
    OTHER
  }

  /** The value of a string; empty for any other kind. */
  public Optional<String> string() {
    return kind == Kind.STRING ? Optional.of(text) : Optional.empty();
  }
}
