package io.asyncproxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.http.Bearer;
import io.asyncproxy.http.Problem;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.util.Optional;

/** Who may use the admin API: whoever has the token, where one is set (RFC 6750). */
public final class AdminGate {
  private final Optional<byte[]> token;

  /** A gate for who has {@code token}; open where there is none. */
  public AdminGate(Optional<String> token) {
    this.token = token.map(text -> text.getBytes(UTF_8));
  }

  /** Fails with 401 unless the request may pass. */
  public void require(HttpServerRequest request) {
    token.ifPresent(expected -> require(request, expected));
  }

  private static void require(HttpServerRequest request, byte[] expected) {
    Bearer.token(request)
        .filter(given -> MessageDigest.isEqual(given.getBytes(UTF_8), expected))
        .orElseThrow(
            () ->
                Problem.of(401, "Admin token required")
                    .header("WWW-Authenticate", "Bearer realm=\"async-proxy admin\"")
                    .exception());
  }
}
