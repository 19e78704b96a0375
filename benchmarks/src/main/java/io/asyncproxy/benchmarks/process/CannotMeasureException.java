package io.asyncproxy.benchmarks.process;

/** A run can't go on; the message says what to do. */
public final class CannotMeasureException extends RuntimeException {
  /** Says what is wrong and what to do next. */
  public CannotMeasureException(String message) {
    super(message);
  }

  /** The same, and what it follows from. */
  public CannotMeasureException(String message, Throwable cause) {
    super(message, cause);
  }
}
