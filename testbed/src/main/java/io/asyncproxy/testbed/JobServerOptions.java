package io.asyncproxy.testbed;

import java.time.Duration;
import java.util.Optional;

/**
 * How the simulated job server behaves. Rates are shares of the starts, 0 to 1.
 *
 * @param port where it listens; 0 takes a free one
 * @param delay how long a job takes
 * @param slowStart how long a start takes to be answered
 * @param rejectRate starts answered 400
 * @param errorRate starts answered 500
 * @param loseCallbacks callbacks never sent
 * @param duplicateCallbacks callbacks sent twice
 * @param earlyCallbacks callbacks sent, and answered, before the start is
 * @param rateLimit starts per second that are not answered 429
 * @param callbackSecret {@code whsec_…}: signs callbacks as Standard Webhooks 1.0 says
 */
public record JobServerOptions(
    int port,
    Duration delay,
    Duration slowStart,
    double rejectRate,
    double errorRate,
    double loseCallbacks,
    double duplicateCallbacks,
    double earlyCallbacks,
    Optional<Double> rateLimit,
    Optional<String> callbackSecret) {

  /** A job server without faults whose jobs take {@code delay}. */
  public static JobServerOptions withDelay(int port, Duration delay) {
    return new JobServerOptions(
        port, delay, Duration.ZERO, 0, 0, 0, 0, 0, Optional.empty(), Optional.empty());
  }
}
