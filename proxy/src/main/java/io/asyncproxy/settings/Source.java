package io.asyncproxy.settings;

/**
 * A value as it was found.
 *
 * @param text the value
 * @param origin where it came from, for people: {@code flag --port}, {@code variable PORT}, {@code
 *     async-proxy.yaml:3}, {@code default}
 */
public record Source(String text, String origin) {}
