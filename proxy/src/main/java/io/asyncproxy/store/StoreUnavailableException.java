package io.asyncproxy.store;

/** The store can't be reached, or has no room. Whether a write happened is not known. */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@code message} says what is wrong, for people. */
  public StoreUnavailableException(String message) {
    super(message);
  }

  /** With the error that it was found by. */
  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
