package io.asyncproxy.admin;

import java.util.Optional;
import java.util.Set;

/**
 * The admin listener.
 *
 * @param host its address
 * @param port its port; 0 takes a free one
 * @param token what every request must carry ({@code Authorization: Bearer}), where it is set
 */
public record AdminSettings(String host, int port, Optional<String> token) {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");
  private static final Set<String> ALL = Set.of("0.0.0.0", "::");

  /** Checks that nobody else can reach it without the token. */
  public AdminSettings {
    if (token.isEmpty() && !LOOPBACK.contains(host)) {
      throw new IllegalArgumentException(
          "admin.token must be set where admin.host is not loopback, was unset with admin.host = "
              + host);
    }
  }

  /**
   * Whether a listener there would be this one too. Two of them would get connections in turn
   * (Vert.x calls it server sharing), and the public one the admin API.
   */
  public boolean isAlso(String otherHost, int otherPort) {
    return port != 0 && port == otherPort && meets(otherHost);
  }

  private boolean meets(String other) {
    return host.equals(other)
        || ALL.contains(host)
        || ALL.contains(other)
        || (LOOPBACK.contains(host) && LOOPBACK.contains(other));
  }
}
