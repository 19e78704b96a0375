package io.asyncproxy.dispatch;

import java.time.Duration;

/**
 * Why a new job is not taken now; nothing was kept of it.
 *
 * @param error a sentence for clients
 * @param retryAfter when it is worth asking again
 */
public record Refusal(String error, Duration retryAfter) {
  private static final Duration SOON = Duration.ofSeconds(1);

  static Refusal queueFull() {
    return new Refusal("Too many jobs wait for the job server", SOON);
  }

  static Refusal breakerOpen(Duration wait) {
    return new Refusal("Job server unavailable: the circuit breaker is open", wait);
  }

  static Refusal tooBusy(Duration wait) {
    return new Refusal("Job server busy: a start would come too late", wait);
  }
}
