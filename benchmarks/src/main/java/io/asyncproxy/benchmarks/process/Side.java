package io.asyncproxy.benchmarks.process;

import java.util.Locale;

/** A program under test. */
public enum Side {
  /** The hand-written lower limit. */
  LIMIT,
  /** The proxy with {@code store.url=memory:}. */
  MEMORY,
  /** The proxy with {@code store.url=file:}. */
  FILE,
  /** The proxy with {@code store.url=redis:}, where each command is synced. */
  REDIS;

  /** Its name in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
