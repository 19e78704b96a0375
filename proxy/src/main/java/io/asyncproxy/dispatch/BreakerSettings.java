package io.asyncproxy.dispatch;

import java.time.Duration;

/**
 * When the circuit breaker opens.
 *
 * @param percent how many of the last attempts have to fail
 * @param window how many attempts are looked at
 * @param openFor how long it stays open before a probe
 */
public record BreakerSettings(int percent, int window, Duration openFor) {}
