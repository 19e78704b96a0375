package io.asyncproxy.tls;

import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/** A certificate, the chain behind it and its private key, which are known to belong together. */
public final class Identity {
  private static final byte[] ANYTHING =
      "anything".getBytes(java.nio.charset.StandardCharsets.UTF_8);

  private final X509Certificate certificate;
  private final KeyManagerFactory keys;

  private Identity(X509Certificate certificate, KeyManagerFactory keys) {
    this.certificate = certificate;
    this.keys = keys;
  }

  /**
   * Checks that the two make an identity.
   *
   * @param certificate the certificate, followed by those of its chain
   * @param key its private key: PKCS#8, PKCS#1 or SEC 1, not encrypted
   * @throws InvalidPemException with what is wrong
   */
  public static Identity of(Pem certificate, Pem key) {
    X509Certificate own = certificate.certificates().getFirst();
    KeyManagerFactory keys = keys(certificate, key);
    if (!belong(own, keys)) {
      throw key.mistake("it is not the key of the certificate in " + certificate.path());
    }
    return new Identity(own, keys);
  }

  private static KeyManagerFactory keys(Pem certificate, Pem key) {
    try {
      return new PemKeyCertOptions()
          .setCertValue(certificate.content())
          .setKeyValue(key.content())
          .getKeyManagerFactory(null); // it is only asked for paths, of which there are none
    } catch (Exception malformed) {
      String why = malformed.getMessage();
      throw key.mistake("its private key can't be used: " + why);
    }
  }

  private static boolean belong(X509Certificate certificate, KeyManagerFactory keys) {
    String algorithm = certificate.getPublicKey().getAlgorithm();
    X509KeyManager manager = (X509KeyManager) keys.getKeyManagers()[0];
    String[] aliases = manager.getServerAliases(algorithm, null);
    return aliases != null && signs(manager.getPrivateKey(aliases[0]), certificate, algorithm);
  }

  private static boolean signs(PrivateKey key, X509Certificate certificate, String algorithm) {
    try {
      Signature signature =
          Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
      signature.initSign(key);
      signature.update(ANYTHING);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(ANYTHING);
      return signature.verify(signed);
    } catch (GeneralSecurityException ofAnotherKind) {
      return false;
    }
  }

  /** Who it is and until when, for logs. */
  public String shown() {
    return "%s, valid until %s"
        .formatted(
            certificate.getSubjectX500Principal().getName(), certificate.getNotAfter().toInstant());
  }

  /** Until when it is valid. */
  public Instant expires() {
    return certificate.getNotAfter().toInstant();
  }

  /** For a listener or a client. */
  public KeyCertOptions options() {
    return KeyCertOptions.wrap(keys);
  }
}
