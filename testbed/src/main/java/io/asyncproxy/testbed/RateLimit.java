package io.asyncproxy.testbed;

/** A token bucket that holds a tenth of a second's worth. Used on one event loop. */
final class RateLimit {
  private final double perSecond;
  private final double most;
  private double tokens;
  private long lastNanos;

  RateLimit(double perSecond, long nowNanos) {
    this.perSecond = perSecond;
    this.most = Math.max(1, perSecond / 10);
    this.tokens = most;
    this.lastNanos = nowNanos;
  }

  boolean tryTake(long nowNanos) {
    tokens = Math.min(most, tokens + (nowNanos - lastNanos) / 1e9 * perSecond);
    lastNanos = nowNanos;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
