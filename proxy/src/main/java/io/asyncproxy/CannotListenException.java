package io.asyncproxy;

/** A listener can't be opened; says which one, and where that is set. */
final class CannotListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotListenException(String setting, String host, int port, Throwable why) {
    super("%s = %d on %s: %s".formatted(setting, port, host, reason(why)), why);
  }

  private static String reason(Throwable why) {
    String message = String.valueOf(why.getMessage());
    return message.contains("Address already in use")
        ? "it is in use; end what listens there, or name another port (0: any free one)"
        : message;
  }
}
