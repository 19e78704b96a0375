package io.asyncproxy.tls;

import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that are trusted, and no others. */
public final class Authorities {
  private final TrustManagerFactory trusted;

  private Authorities(TrustManagerFactory trusted) {
    this.trusted = trusted;
  }

  /**
   * The certificates of a file, at least one.
   *
   * @throws InvalidPemException with what is wrong
   */
  public static Authorities of(Pem file) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (X509Certificate certificate : file.certificates()) {
        store.setCertificateEntry(Integer.toString(number++), certificate);
      }
      TrustManagerFactory trusted =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trusted.init(store);
      return new Authorities(trusted);
    } catch (GeneralSecurityException | IOException unusable) {
      throw file.mistake("its certificates can't be used: " + unusable.getMessage());
    }
  }

  /** For a listener or a client. */
  public TrustOptions options() {
    return TrustOptions.wrap(trusted);
  }
}
