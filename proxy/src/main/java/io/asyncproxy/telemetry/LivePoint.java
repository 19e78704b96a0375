package io.asyncproxy.telemetry;

import java.time.Instant;
import java.util.OptionalDouble;

/**
 * One second of this process.
 *
 * @param at its end
 * @param held requests held then
 * @param inFlight unfinished jobs in the store then; -1 where that is not known
 * @param waiting jobs that waited for their turn then
 * @param accepted jobs taken a second
 * @param ended jobs that ended a second
 * @param failed those of them that were given up or expired
 * @param callbacks callbacks a second
 * @param addedP50 median of what held clients waited beyond the job server's time, in seconds
 * @param addedP99 the same, 99th percentile
 * @param jobP50 median of the time from a job's making to its end, in seconds
 * @param jobP99 the same, 99th percentile
 */
public record LivePoint(
    Instant at,
    int held,
    long inFlight,
    int waiting,
    double accepted,
    double ended,
    double failed,
    double callbacks,
    OptionalDouble addedP50,
    OptionalDouble addedP99,
    OptionalDouble jobP50,
    OptionalDouble jobP99) {}
