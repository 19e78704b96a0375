package io.asyncproxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.http.Bearer;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.Request;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Who may use the admin API: whoever has the token, where one is set (RFC 6750). The files of the
 * operators' page need none: it is the page that asks for the token. Other web sites' pages may
 * change nothing, even where there is no token and an operator's browser would let them, and read
 * nothing by a name of their own.
 */
public final class AdminGate {
  private final Optional<byte[]> token;

  /** A gate for who has {@code token}; open where there is none. */
  public AdminGate(Optional<String> token) {
    this.token = token.map(text -> text.getBytes(UTF_8));
  }

  /** Fails with 401, or 403 for other sites, unless the request may pass. */
  public void require(Request request) {
    if (reads(request) && isConsole(request.path())) {
      return;
    }
    if (!reads(request) && isOfAnotherSite(request)) {
      throw Problem.of(403, "Other web sites may not use the admin API").exception();
    }
    if (token.isEmpty() && !isAddressed(request)) {
      throw Problem.of(403, "Without admin.token only localhost and IP addresses are served")
          .exception();
    }
    token.ifPresent(expected -> require(request, expected));
  }

  /**
   * Whether it was sent to an address or to localhost: a name may be anybody's, who lets it mean
   * this host for an operator's browser (DNS rebinding).
   */
  private static boolean isAddressed(Request request) {
    HostAndPort authority = request.authority();
    String host = authority == null ? "" : authority.host();
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || NetUtil.isValidIpV4Address(host)
        || NetUtil.isValidIpV6Address(host);
  }

  private static boolean reads(Request request) {
    return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
  }

  private static boolean isConsole(String path) {
    return path.equals("/console") || path.startsWith("/console/");
  }

  /**
   * As browsers say it themselves: Fetch Metadata, older ones Origin; other clients say nothing.
   */
  private static boolean isOfAnotherSite(Request request) {
    String site = request.header("Sec-Fetch-Site");
    return site == null
        ? isOfAnotherOrigin(request)
        : !site.equals("same-origin") && !site.equals("none");
  }

  private static boolean isOfAnotherOrigin(Request request) {
    String origin = request.header("Origin");
    return origin != null
        && !origin.equals("http://" + request.authority())
        && !origin.equals("https://" + request.authority()); // behind a reverse proxy with TLS
  }

  private static void require(Request request, byte[] expected) {
    Bearer.token(request)
        .filter(given -> MessageDigest.isEqual(given.getBytes(UTF_8), expected))
        .orElseThrow(
            () ->
                Problem.of(401, "Admin token required")
                    .header("WWW-Authenticate", "Bearer realm=\"async-proxy admin\"")
                    .exception());
  }
}
