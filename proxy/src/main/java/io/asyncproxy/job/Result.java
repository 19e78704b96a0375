package io.asyncproxy.job;

/**
 * What the job server sent to the callback.
 *
 * @param body the JSON object, byte for byte
 * @param failed whether its own {@code state} says that the job failed
 */
public record Result(byte[] body, boolean failed) {}
