package io.asyncproxy.cli;

import java.io.Console;
import java.util.Optional;

/** Whether somebody is watching. */
final class Terminal {
  private Terminal() {}

  /** Java 22 and later have a console even where there is no terminal. */
  static boolean isWatched() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }
}
