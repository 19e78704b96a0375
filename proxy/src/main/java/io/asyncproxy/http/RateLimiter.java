package io.asyncproxy.http;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How many requests each account, or each API key, may send: a leaky bucket for each (GCRA, ITU-T
 * I.371), which holds one number, and is forgotten when it is empty. Thread-safe.
 */
public final class RateLimiter {
  private final String name;
  private final int requests;
  private final long windowNanos;
  private final LongSupplier nanoClock;
  private final ConcurrentHashMap<String, Long> fullUntil = new ConcurrentHashMap<>();

  /**
   * What is still allowed.
   *
   * @param allowed whether this request is within the limit
   * @param remaining how many more would be
   * @param reset how long until one more is (where none is left), or all are
   */
  public record Allowance(boolean allowed, long remaining, Duration reset) {}

  /** At most {@code requests} of each in {@code window}; headers call the limit {@code name}. */
  public RateLimiter(String name, int requests, Duration window, LongSupplier nanoClock) {
    this.name = name;
    this.requests = requests;
    this.windowNanos = window.toNanos();
    this.nanoClock = nanoClock;
  }

  /** Counts a request of {@code whose}. */
  public Allowance take(String whose) {
    long now = nanoClock.getAsLong();
    long cost = windowNanos / requests;
    boolean[] allowed = {false};
    long until =
        fullUntil.compute(
            whose,
            (_, known) -> {
              long used = known == null ? now : Math.max(known, now);
              allowed[0] = used + cost - now <= windowNanos;
              return allowed[0] ? used + cost : used;
            });
    long left = (windowNanos - (until - now)) / cost;
    long reset = left > 0 ? until - now : until + cost - windowNanos - now;
    return new Allowance(allowed[0], left, Duration.ofNanos(Math.max(0, reset)));
  }

  /** Forgets those that may do everything again. */
  public void sweep() {
    long now = nanoClock.getAsLong();
    fullUntil.values().removeIf(until -> until - now <= 0);
  }

  /** How many are remembered. */
  public int remembered() {
    return fullUntil.size();
  }

  /** The policy as a structured field (draft-ietf-httpapi-ratelimit-headers-11). */
  public String policy() {
    return "\"%s\";q=%d;w=%d".formatted(name, requests, windowNanos / 1_000_000_000L);
  }

  /** The state of {@code allowance} as a structured field of the same draft. */
  public String state(Allowance allowance) {
    return "\"%s\";r=%d;t=%d".formatted(name, allowance.remaining(), seconds(allowance.reset()));
  }

  /** Whole seconds, rounded up. */
  public static long seconds(Duration time) {
    return Math.ceilDiv(time.toMillis(), 1_000);
  }
}
