package io.asyncproxy.testbed;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** Serves one connection at a time per account: further ones queue. Used on one event loop. */
final class Accounts {
  private final Map<String, Queue<Runnable>> busy = new HashMap<>();
  private long queued;

  /**
   * Runs {@code serve} when the account is free; it must {@link #release} the account at its end.
   */
  void acquire(String account, Runnable serve) {
    Queue<Runnable> waiting = busy.get(account);
    if (waiting == null) {
      busy.put(account, new ArrayDeque<>(2));
      serve.run();
    } else {
      queued++;
      waiting.add(serve);
    }
  }

  void release(String account) {
    Queue<Runnable> waiting = busy.get(account);
    if (waiting == null) {
      return;
    }
    Runnable next = waiting.poll();
    if (next == null) {
      busy.remove(account);
    } else {
      next.run();
    }
  }

  /** How many connections had to queue so far. */
  long queued() {
    return queued;
  }
}
