package io.asyncproxy.route;

import java.time.Duration;
import java.util.Optional;

/**
 * How much of an API is used, and how long everything may take; what is empty is as it is for
 * {@code /proxy}.
 *
 * @param timeout one start attempt, one question, one fetch
 * @param attempts attempts for a job that a client is held for
 * @param backoff the first bound of the random pause between attempts
 * @param maxBackoff its last bound
 * @param idempotent whether an attempt that ended unclear is sent again, with an Idempotency-Key
 * @param connections attempts at once
 * @param connectionsPerAccount the same, per account; as many as connections where empty
 * @param breakerRatio how many of the last attempts have to fail, in percent
 * @param breakerWindow how many attempts the breaker looks at
 * @param breakerWait how long it stays open
 * @param hold how long a client is held by default
 * @param jobTimeout how long the start, and after it the callback, may take
 */
public record RouteLimits(
    Optional<Duration> timeout,
    Optional<Integer> attempts,
    Optional<Duration> backoff,
    Optional<Duration> maxBackoff,
    Optional<Boolean> idempotent,
    Optional<Integer> connections,
    Optional<Integer> connectionsPerAccount,
    Optional<Integer> breakerRatio,
    Optional<Integer> breakerWindow,
    Optional<Duration> breakerWait,
    Optional<Duration> hold,
    Optional<Duration> jobTimeout) {}
