package io.asyncproxy.benchmarks.simulator;

/**
 * How often something goes wrong, each from 0 to 1.
 *
 * @param lost callbacks that are never sent
 * @param duplicated callbacks that are sent twice
 * @param busy starts that are answered with 429 or 503, and start nothing
 * @param reset starts whose connection is reset, and start nothing
 * @param seed of the random numbers: the same seed, the same faults in the order of starts
 */
public record FaultRates(double lost, double duplicated, double busy, double reset, long seed) {
  public static final FaultRates NONE = new FaultRates(0, 0, 0, 0, 1);

  /** Every rate is checked. */
  public FaultRates {
    if (lost < 0 || duplicated < 0 || busy < 0 || reset < 0) {
      throw new IllegalArgumentException("a rate of faults is below 0");
    }
    if (busy + reset > 1 || lost + duplicated > 1) {
      throw new IllegalArgumentException("rates of faults add up to more than 1");
    }
  }
}
