package io.asyncproxy.telemetry;

/**
 * How the starts of one route go.
 *
 * @param name the route
 * @param circuit its circuit breaker: 0 closed, 1 half open, 2 open
 * @param pace starts a second at most; infinite while nothing limits them
 * @param waiting jobs that wait for their turn
 */
public record RouteState(String name, int circuit, double pace, int waiting) {}
