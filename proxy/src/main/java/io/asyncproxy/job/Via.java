package io.asyncproxy.job;

/**
 * The way that a request came in by, where it is not the default one.
 *
 * @param route the name of its route; empty for the default
 * @param head what else of the request is passed on besides its body, as the route wrote it; holds
 *     no secrets of ours
 * @param byId whether its callback names the job by the job server's id, and not by its URL
 */
public record Via(String route, String head, boolean byId) {
  /** {@code POST /proxy}. */
  public static final Via DEFAULT = new Via("", "");

  /** A way whose callback URL is that of one job. */
  public Via(String route, String head) {
    this(route, head, false);
  }

  /** Whether it is the default. */
  public boolean isDefault() {
    return route.isEmpty();
  }
}
