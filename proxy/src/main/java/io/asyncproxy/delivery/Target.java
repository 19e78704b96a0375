package io.asyncproxy.delivery;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where a result may be delivered: the host is resolved once, each of its addresses is checked, and
 * the connection goes to the one that was checked, so that a name that means something else a
 * moment later (DNS rebinding) changes nothing. Thread-safe.
 *
 * @param resolver finds addresses
 * @param allowPrivate whether any address will do, for development
 */
public record Target(Resolver resolver, boolean allowPrivate) {
  private static final int MOST_CHARS = 2_048;

  /** What is wrong with it, whatever it is: who asks learns nothing about our network. */
  public static final String ERROR =
      "Invalid callback: it must be an http or https URL of a public host, without a login";

  /** The URL; empty where it can't be one that results are delivered to. */
  public static Optional<URI> parse(String text) {
    if (text.length() > MOST_CHARS) {
      return Optional.empty();
    }
    try {
      URI url = new URI(text);
      boolean http = "http".equalsIgnoreCase(url.getScheme());
      boolean https = "https".equalsIgnoreCase(url.getScheme());
      boolean plain = url.getRawUserInfo() == null && url.getRawFragment() == null;
      boolean reachable = url.getHost() != null && url.getPort() != 0 && url.getPort() <= 65_535;
      return (http || https) && plain && reachable ? Optional.of(url) : Optional.empty();
    } catch (java.net.URISyntaxException none) {
      return Optional.empty();
    }
  }

  /** The address to connect to; fails where one of the host's is not public. */
  public Future<InetAddress> address(URI url) {
    String host = url.getHost();
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return resolver
        .resolve(name)
        .compose(
            addresses ->
                isAllowed(addresses)
                    ? Future.succeededFuture(addresses.getFirst())
                    : Future.failedFuture("not a public address"));
  }

  private boolean isAllowed(List<InetAddress> addresses) {
    return !addresses.isEmpty() && (allowPrivate || addresses.stream().allMatch(PublicAddress::is));
  }
}
