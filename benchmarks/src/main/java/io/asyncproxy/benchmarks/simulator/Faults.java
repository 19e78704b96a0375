package io.asyncproxy.benchmarks.simulator;

import java.util.SplittableRandom;

/**
 * Draws faults. Each start takes two numbers, whatever happens: the sequence is always the same.
 */
final class Faults {
  /** What happens to a start. */
  enum OfStart {
    NONE,
    TOO_MANY,
    UNAVAILABLE,
    RESET
  }

  /** What happens to a job's callback. */
  enum OfCallback {
    NONE,
    LOST,
    DUPLICATED
  }

  /** The faults of one job. */
  record Drawn(OfStart start, OfCallback callback) {}

  private final FaultRates rates;
  private final SplittableRandom random;

  Faults(FaultRates rates) {
    this.rates = rates;
    this.random = new SplittableRandom(rates.seed());
  }

  Drawn next() {
    return new Drawn(start(random.nextDouble()), callback(random.nextDouble()));
  }

  private OfStart start(double drawn) {
    if (drawn < rates.busy() / 2) {
      return OfStart.TOO_MANY;
    }
    if (drawn < rates.busy()) {
      return OfStart.UNAVAILABLE;
    }
    return drawn < rates.busy() + rates.reset() ? OfStart.RESET : OfStart.NONE;
  }

  private OfCallback callback(double drawn) {
    if (drawn < rates.lost()) {
      return OfCallback.LOST;
    }
    return drawn < rates.lost() + rates.duplicated() ? OfCallback.DUPLICATED : OfCallback.NONE;
  }
}
