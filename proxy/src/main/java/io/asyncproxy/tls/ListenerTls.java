package io.asyncproxy.tls;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.ServerSSLOptions;
import java.util.Optional;
import java.util.Set;

/**
 * What the files of a listener held when they were read. Equal when all of it is.
 *
 * @param certificate who the listener is, with its chain
 * @param key the private key of the certificate
 * @param clientAuthorities who signs the certificates of clients, which then need one
 */
public record ListenerTls(Pem certificate, Pem key, Optional<Pem> clientAuthorities) {
  private static final Set<String> VERSIONS = Set.of("TLSv1.3", "TLSv1.2");

  /** The same files, read again; blocks. */
  ListenerTls again() {
    return new ListenerTls(certificate.again(), key.again(), clientAuthorities.map(Pem::again));
  }

  /**
   * Who the listener is.
   *
   * @throws InvalidPemException where the files are wrong or don't belong together
   */
  public Identity identity() {
    return Identity.of(certificate, key);
  }

  /**
   * For starting or changing a listener. ALPN is Vert.x' own: it follows from the versions of HTTP.
   *
   * @throws InvalidPemException where the files are wrong or don't belong together
   */
  public ServerSSLOptions options() {
    ServerSSLOptions options =
        new ServerSSLOptions()
            .setKeyCertOptions(identity().options())
            .setEnabledSecureTransportProtocols(VERSIONS);
    clientAuthorities
        .map(Authorities::of)
        .ifPresent(
            authorities ->
                options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(authorities.options()));
    return options;
  }
}
