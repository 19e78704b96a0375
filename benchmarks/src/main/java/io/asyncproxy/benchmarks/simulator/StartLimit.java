package io.asyncproxy.benchmarks.simulator;

/** A token bucket: so many starts a second, a tenth of them at once. */
final class StartLimit {
  private final double perNano;
  private final double most;
  private double tokens;
  private long filledAt;

  StartLimit(int perSecond, long nowNanos) {
    this.perNano = perSecond / 1e9;
    this.most = Math.max(1, perSecond / 10.0);
    this.tokens = most;
    this.filledAt = nowNanos;
  }

  boolean take(long nowNanos) {
    if (perNano == 0) {
      return true;
    }
    tokens = Math.min(most, tokens + (nowNanos - filledAt) * perNano);
    filledAt = nowNanos;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
