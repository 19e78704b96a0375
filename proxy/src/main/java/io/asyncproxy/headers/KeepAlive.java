package io.asyncproxy.headers;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code Keep-Alive} (RFC 2068, section 19.7.1.1; {@code
 * draft-thomson-hybi-http-timeout}): how long the peer keeps an idle connection.
 */
public final class KeepAlive {
  private static final Pattern TIMEOUT =
      Pattern.compile("(?:^|[,\\s])timeout\\s*=\\s*\"?(\\d{1,6})", Pattern.CASE_INSENSITIVE);

  private static final int MARGIN_SECONDS = 1;

  private KeepAlive() {}

  /**
   * As long as the peer said, less what its saying so may have been on its way; {@code most} where
   * that is more, or it said nothing.
   */
  public static Duration of(Optional<String> header, Duration most) {
    return header
        .map(TIMEOUT::matcher)
        .filter(Matcher::find)
        .map(
            said ->
                Duration.ofSeconds(Math.max(0, Integer.parseInt(said.group(1)) - MARGIN_SECONDS)))
        .filter(said -> said.compareTo(most) < 0)
        .orElse(most);
  }
}
