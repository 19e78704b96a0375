package io.asyncproxy.cli;

import java.io.Console;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who is watching, and what is safe to show them: peers may send what terminals obey. */
final class Terminal {
  private static final Pattern OBEYED = Pattern.compile("\\p{Cc}");
  private static final Pattern OBEYED_BUT_LINES = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");
  private static final String INSTEAD = "\uFFFD";

  private Terminal() {}

  /** Java 22 and later have a console even where there is no terminal. */
  static boolean isWatched() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** {@code text} on one line. */
  static String oneLine(String text) {
    return OBEYED.matcher(text).replaceAll(INSTEAD);
  }

  /** {@code text} with its lines and tabs. */
  static String lines(String text) {
    return OBEYED_BUT_LINES.matcher(text).replaceAll(INSTEAD);
  }
}
