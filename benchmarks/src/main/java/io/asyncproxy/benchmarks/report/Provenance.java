package io.asyncproxy.benchmarks.report;

/**
 * Where a result comes from.
 *
 * @param commit what was measured, {@code + changes} where the tree was not clean
 * @param command how to measure it again
 * @param date when it ended, RFC 3339
 * @param java the Java of all programs
 * @param machine processors, memory and kernel
 * @param timing rounds and windows
 */
public record Provenance(
    String commit, String command, String date, String java, String machine, String timing) {}
