package io.asyncproxy.settings;

import java.util.List;

/** Settings that can't be started with: one line for each mistake. */
public final class InvalidSettingsException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<String> mistakes;

  /** All that is wrong. */
  public InvalidSettingsException(List<String> mistakes) {
    super(String.join("; ", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** What is wrong, each in one line that names key, value and what is allowed. */
  public List<String> mistakes() {
    return mistakes;
  }
}
