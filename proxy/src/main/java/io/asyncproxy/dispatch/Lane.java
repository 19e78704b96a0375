package io.asyncproxy.dispatch;

import io.asyncproxy.loop.EventLoop;

/**
 * Where an attempt is made: on the event loop that its request came in on, so that nothing hops.
 *
 * @param loop the event loop
 * @param client its connections
 */
public record Lane(EventLoop loop, JobServerClient client) {}
