package io.asyncproxy.json;

/** The bytes are not one JSON object in UTF-8. Carries no stack trace: it answers bad input. */
public final class InvalidJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String error;

  InvalidJsonException(String error) {
    super(error, null, false, false);
    this.error = error;
  }

  /** What is wrong, in a short sentence. */
  public String error() {
    return error;
  }
}
