package io.asyncproxy.job;

/**
 * The way that a request came in by, where it is not the default one.
 *
 * @param route the name of its route; empty for the default
 * @param head what else of the request is passed on besides its body, as the route wrote it; holds
 *     no secrets of ours
 */
public record Via(String route, String head) {
  /** {@code POST /proxy}. */
  public static final Via DEFAULT = new Via("", "");

  /** Whether it is the default. */
  public boolean isDefault() {
    return route.isEmpty();
  }
}
