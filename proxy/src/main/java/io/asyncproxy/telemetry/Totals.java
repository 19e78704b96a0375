package io.asyncproxy.telemetry;

/**
 * What was counted since the start of the process.
 *
 * @param accepted jobs taken from clients
 * @param ended jobs that ended
 * @param failed those of them that were given up or expired
 * @param callbacks callbacks received
 * @param added what held clients waited beyond the job server's time
 * @param jobs from jobs' making to their ends
 */
record Totals(
    double accepted,
    double ended,
    double failed,
    double callbacks,
    Histogram added,
    Histogram jobs) {}
