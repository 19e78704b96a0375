package io.asyncproxy.cli;

/** Whether somebody is watching. */
final class Terminal {
  private Terminal() {}

  /** Java 22 and later have a console even where there is no terminal. */
  static boolean isWatched() {
    return System.console() != null && System.console().isTerminal();
  }
}
