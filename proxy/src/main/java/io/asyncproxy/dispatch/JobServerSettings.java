package io.asyncproxy.dispatch;

import io.asyncproxy.tls.Authorities;
import io.asyncproxy.tls.Identity;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The job server and how much of it to use.
 *
 * @param url where jobs are started
 * @param timeout how long one attempt may take
 * @param connections how many attempts at once
 * @param connectionsPerAccount how many at once for one account
 * @param maxAnswerBytes how long an answer may be
 * @param breaker when no more attempts are made for a while
 * @param statusUrl where a job can be asked for, {@code {id}} standing for the job server's id
 * @param idRequired whether an answer without an id is nonsense, as jobs are found by it
 * @param authorities who signs its certificate; the system's authorities where empty
 * @param identity who the proxy is to it
 */
public record JobServerSettings(
    URI url,
    Duration timeout,
    int connections,
    int connectionsPerAccount,
    int maxAnswerBytes,
    BreakerSettings breaker,
    Optional<String> statusUrl,
    boolean idRequired,
    Optional<Authorities> authorities,
    Optional<Identity> identity) {

  /** Whether it is asked over TLS. */
  boolean tls() {
    return "https".equals(url.getScheme());
  }

  /** The port, the scheme's own where none is named. */
  public int port() {
    return url.getPort() >= 0 ? url.getPort() : tls() ? 443 : 80;
  }

  /** Path and query. */
  String target() {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + '?' + url.getRawQuery();
  }
}
