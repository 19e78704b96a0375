package io.asyncproxy.json;

/**
 * A value within a JSON text.
 *
 * @param kind what it is
 * @param text a string without quotes and escapes, a number or literal as it is written; else empty
 * @param from the offset of its first byte
 * @param to the offset behind its last byte
 */
public record JsonValue(Kind kind, String text, int from, int to) {

  /** What a value can be. */
  public enum Kind {
    /** A string, a number, {@code true} or {@code false}. */
    SCALAR,
    /** The literal {@code null}. */
    NULL,
    /** An object. */
    OBJECT,
    /** An array. */
    ARRAY
  }
}
