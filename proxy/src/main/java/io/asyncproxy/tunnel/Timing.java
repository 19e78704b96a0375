package io.asyncproxy.tunnel;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long what takes.
 *
 * @param urlWithin ssh has to name a URL within this time, or is ended
 * @param settling a better URL may follow the first one within this time
 * @param firstPause the upper bound of the first pause between two connections; doubles each time
 * @param longestPause the upper bound of every pause
 */
public record Timing(
    Duration urlWithin, Duration settling, Duration firstPause, Duration longestPause) {

  /** What services and their users are used to. */
  public static final Timing USUAL =
      new Timing(
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(30));

  /**
   * The pause after {@code failures} connections in a row that ended soon: exponential, with full
   * jitter (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
   */
  Duration pause(int failures, RandomGenerator random) {
    long bound = firstPause.toNanos();
    for (int n = 1; n < failures && bound < longestPause.toNanos(); n++) {
      bound *= 2;
    }
    return Duration.ofNanos(random.nextLong(Math.min(bound, longestPause.toNanos()) + 1));
  }

  /**
   * How many connections in a row have ended soon, this one included. One that lasted longer than
   * the longest pause begins a new row, since nobody is called too often by it.
   */
  int failures(int before, Duration lasted) {
    return lasted.compareTo(longestPause) >= 0 ? 1 : before + 1;
  }
}
