package io.asyncproxy.benchmarks.stats;

/** A point of a chart or of a line. */
public record Point(double x, double y) {}
