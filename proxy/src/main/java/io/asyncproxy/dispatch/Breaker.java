package io.asyncproxy.dispatch;

import java.util.BitSet;

/**
 * A circuit breaker (M. Nygard, "Release It!"): opens when too many of the last attempts failed,
 * lets one probe through when its wait is over, and closes when that succeeds.
 *
 * <p>Each attempt belongs to the period in which it began, so that the end of one from before the
 * breaker opened is not taken for the probe's. Knows no clock and no thread: times are nanoseconds
 * of any monotonic clock. Not thread-safe.
 */
final class Breaker {

  /** Where it is. */
  enum State {
    CLOSED,
    HALF_OPEN,
    OPEN
  }

  /** Fewer attempts than this prove nothing. */
  private static final int LEAST_ATTEMPTS = 20;

  private final BreakerSettings settings;
  private final BitSet failures;
  private State state = State.CLOSED;
  private int period;
  private int next;
  private int seen;
  private long openUntil;
  private boolean probing;

  Breaker(BreakerSettings settings) {
    this.settings = settings;
    this.failures = new BitSet(settings.window());
  }

  /** Whether an attempt may be made now. */
  boolean allows(long now) {
    return switch (state) {
      case CLOSED -> true;
      case OPEN -> now - openUntil >= 0;
      case HALF_OPEN -> !probing;
    };
  }

  /** An attempt is made, as {@link #allows} said that it may; the period that it belongs to. */
  int begin() {
    if (state != State.CLOSED) {
      state = State.HALF_OPEN;
      probing = true;
    }
    return period;
  }

  /** An attempt of {@code ofPeriod} ended. */
  void ended(int ofPeriod, boolean failed, long now) {
    if (ofPeriod != period) {
      return;
    }
    if (state == State.HALF_OPEN) {
      if (failed) {
        open(now);
      } else {
        close();
      }
    } else if (state == State.CLOSED) {
      count(failed);
      if (seen >= Math.min(LEAST_ATTEMPTS, settings.window())
          && failures.cardinality() * 100L >= (long) settings.percent() * seen) {
        open(now);
      }
    }
  }

  /** An attempt of {@code ofPeriod} was not made after all. */
  void notMade(int ofPeriod) {
    if (ofPeriod == period) {
      probing = false;
    }
  }

  private void count(boolean failed) {
    failures.set(next, failed);
    next = (next + 1) % settings.window();
    seen = Math.min(seen + 1, settings.window());
  }

  private void open(long now) {
    state = State.OPEN;
    openUntil = now + settings.openFor().toNanos();
    begin(State.OPEN);
  }

  private void close() {
    begin(State.CLOSED);
    failures.clear();
    next = 0;
    seen = 0;
  }

  private void begin(State newState) {
    state = newState;
    probing = false;
    period++;
  }

  /** How long until an attempt may be made; 0 for now, or while a probe is on its way. */
  long opensIn(long now) {
    return state == State.OPEN ? Math.max(0, openUntil - now) : 0;
  }

  State state() {
    return state;
  }
}
