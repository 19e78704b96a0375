package io.asyncproxy.tls;

/** A file that can't be used; the message names the setting, the file and the reason. */
public final class InvalidPemException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidPemException(String message) {
    super(message);
  }
}
