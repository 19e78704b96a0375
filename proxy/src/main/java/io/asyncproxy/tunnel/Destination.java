package io.asyncproxy.tunnel;

import java.util.Optional;

/**
 * Whom ssh connects to.
 *
 * @param user who logs in
 * @param host a name, an address (IPv6 without brackets), or a {@code Host} of ssh's configuration
 * @param port where it listens; empty: what ssh's configuration says, or 22
 */
public record Destination(String user, String host, Optional<Integer> port) {
  private static final int MOST = 65_535;

  /**
   * Reads {@code user@host} or {@code user@host:port}.
   *
   * @throws IllegalArgumentException where the port is none
   */
  public static Destination parse(String text) {
    int at = text.indexOf('@');
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > Math.max(at, text.lastIndexOf(']'));
    String host = text.substring(at + 1, hasPort ? colon : text.length());
    return new Destination(
        text.substring(0, at),
        host.replaceAll("[\\[\\]]", ""),
        hasPort ? Optional.of(port(text, text.substring(colon + 1))) : Optional.empty());
  }

  private static int port(String text, String digits) {
    int port = Integer.parseInt(digits);
    if (port < 1 || port > MOST) {
      throw new IllegalArgumentException(
          "tunnel = %s: the port must be from 1 to %d".formatted(text, MOST));
    }
    return port;
  }

  /** The host as it is written in a URL. */
  String urlHost() {
    return inBrackets(host);
  }

  /** {@code address}, in brackets where its colons need them. */
  static String inBrackets(String address) {
    return address.contains(":") && !address.startsWith("[") ? '[' + address + ']' : address;
  }
}
