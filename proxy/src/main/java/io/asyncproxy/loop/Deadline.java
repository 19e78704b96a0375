package io.asyncproxy.loop;

/** Something that happens at a point in time unless it is cancelled; an element of its queue. */
public final class Deadline {
  private final Deadlines owner;
  private final long dueNanos;
  private Runnable action;
  private Deadline previous = this;
  private Deadline next = this;

  Deadline(Deadlines owner, long dueNanos, Runnable action) {
    this.owner = owner;
    this.dueNanos = dueNanos;
    this.action = action;
  }

  /** Calls it off; does nothing if it is over. */
  public void cancel() {
    if (next == this) {
      return;
    }
    owner.removed();
    previous.next = next;
    next.previous = previous;
    previous = this;
    next = this;
  }

  Deadline linkBefore(Deadline successor) {
    previous = successor.previous;
    next = successor;
    previous.next = this;
    next.previous = this;
    return this;
  }

  Deadline next() {
    return next;
  }

  long dueNanos() {
    return dueNanos;
  }

  void run() {
    Runnable once = action;
    action = () -> {};
    once.run();
  }
}
