package io.asyncproxy.job;

import java.util.Optional;

/**
 * The way that a request came in by, where it is not the default one.
 *
 * @param route the name of its route; empty for the default
 * @param head what else of the request is passed on besides its body, as the route wrote it; holds
 *     no secrets of ours
 * @param trace the trace that it belongs to; empty for none
 * @param byId whether its callback names the job by the job server's id, and not by its URL
 */
public record Via(String route, String head, boolean byId, Optional<TraceContext> trace) {
  /** {@code POST /proxy}. */
  public static final Via DEFAULT = new Via("", "");

  /** A way whose callback URL is that of one job. */
  public Via(String route, String head) {
    this(route, head, false, Optional.empty());
  }

  /** Whether it is the default. */
  public boolean isDefault() {
    return route.isEmpty();
  }

  /** The same, for a job that is found by what the job server calls it. */
  Via foundById() {
    return new Via(route, head, true, trace);
  }

  /** The same, as a part of {@code newTrace}. */
  public Via in(Optional<TraceContext> newTrace) {
    return newTrace.isEmpty() ? this : new Via(route, head, byId, newTrace);
  }
}
