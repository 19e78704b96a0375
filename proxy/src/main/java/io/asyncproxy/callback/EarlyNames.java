package io.asyncproxy.callback;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What callbacks named lately that nobody knew: spares most starts a question to the store, which
 * has the callbacks. One that is forgotten here is found by who looks at what was kept.
 * Thread-safe.
 */
final class EarlyNames {
  /** More than all that is kept of them. */
  private static final int MOST = 12_000;

  private final Set<String> names = new LinkedHashSet<>();

  synchronized void add(String name) {
    if (names.add(name) && names.size() > MOST) {
      names.remove(names.iterator().next());
    }
  }

  /** Whether it was there. */
  synchronized boolean remove(String name) {
    return names.remove(name);
  }
}
