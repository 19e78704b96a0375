package io.asyncproxy.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How much memory the large bodies that are being read may take together: who finds none left waits
 * for its turn, and its sender with it, by the flow control of TCP or HTTP/2. Small bodies don't
 * ask. Shared by all event loops; thread-safe.
 */
public final class BodyBudget {
  /** Bodies up to this length are not counted. */
  static final int SMALL_BYTES = 64 << 10;

  private record Taker(long bytes, Runnable granted, AtomicBoolean done) {}

  private final Deque<Taker> waiting = new ArrayDeque<>();
  private final long all;
  private long free;

  /** A budget of so many bytes; a body that is longer than all of it has it for itself. */
  public BodyBudget(long bytes) {
    this.all = bytes;
    this.free = bytes;
  }

  /** A fifth of the heap: a body is there up to three times while it is copied. */
  public static BodyBudget ofHeap() {
    return new BodyBudget(Runtime.getRuntime().maxMemory() / 5);
  }

  /**
   * Asks for {@code bytes}; {@code granted} is run when they may be used, at once or later on any
   * thread.
   *
   * @return gives them back, or stops waiting for them; a second time it does nothing
   */
  Runnable take(long bytes, Runnable granted) {
    Taker taker = new Taker(Math.min(bytes, all), granted, new AtomicBoolean());
    synchronized (this) {
      waiting.add(taker);
    }
    grant();
    return () -> leave(taker);
  }

  private void leave(Taker taker) {
    if (taker.done().compareAndSet(false, true)) {
      synchronized (this) {
        if (!waiting.remove(taker)) {
          free += taker.bytes();
        }
      }
      grant();
    }
  }

  private void grant() {
    while (true) {
      Taker next;
      synchronized (this) {
        next = waiting.peek();
        if (next == null || free < next.bytes()) {
          return;
        }
        waiting.remove();
        free -= next.bytes();
      }
      next.granted().run();
    }
  }

  /** How much is left. */
  synchronized long free() {
    return free;
  }
}
