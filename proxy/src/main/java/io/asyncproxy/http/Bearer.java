package io.asyncproxy.http;

import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/** The header {@code Authorization: Bearer ...} (RFC 6750, section 2.1). */
public final class Bearer {
  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  /** What {@code request} carries; empty where there is no such header, or another scheme. */
  public static Optional<String> token(Request request) {
    return Optional.ofNullable(request.header(HttpHeaders.AUTHORIZATION))
        .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(header -> header.substring(SCHEME.length()).strip());
  }
}
