package io.asyncproxy.settings;

import java.time.Duration;

/**
 * So many requests in a time.
 *
 * @param requests how many; 0 for no limit
 * @param per in which time
 */
public record Rate(int requests, Duration per) {

  /** No limit. */
  public static final Rate OFF = new Rate(0, Duration.ofSeconds(1));

  /** Whether there is a limit. */
  public boolean isOn() {
    return requests > 0;
  }
}
