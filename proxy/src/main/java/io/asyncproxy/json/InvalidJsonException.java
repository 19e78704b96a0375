package io.asyncproxy.json;

/** The bytes are not one JSON object in UTF-8. Carries no stack trace: it answers bad input. */
public final class InvalidJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidJsonException(String message) {
    super(message, null, false, false);
  }
}
