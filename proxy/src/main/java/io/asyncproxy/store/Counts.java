package io.asyncproxy.store;

/** How many jobs there are: unfinished ones, and dead letters. */
public record Counts(long unfinished, long deadLetters) {}
