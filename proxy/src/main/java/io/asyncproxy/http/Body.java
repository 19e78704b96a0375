package io.asyncproxy.http;

/**
 * A request's body.
 *
 * @param bytes what it is
 * @param release to be called when it is not needed in memory any more, as often as one likes
 */
public record Body(byte[] bytes, Runnable release) {}
