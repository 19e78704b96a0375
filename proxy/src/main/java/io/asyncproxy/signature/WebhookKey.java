package io.asyncproxy.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A key of Standard Webhooks 1.0, as it is written: {@code whsec_} and the base64 of 24 to 64 bytes
 * (HMAC-SHA-256, signs and verifies), {@code whpk_} and the base64 of an Ed25519 public key of 32
 * bytes (RFC 8032, verifies), {@code whsk_} and that of a private key of 32 bytes, or of 64 with
 * the public one behind it (signs). Thread-safe.
 */
public sealed interface WebhookKey {

  /** The pattern of keys that verify. */
  String VERIFIES = "(whsec_[A-Za-z0-9+/]{32,86}|whpk_[A-Za-z0-9+/]{43})={0,2}";

  /** The pattern of keys that sign. */
  String SIGNS = "(whsec_[A-Za-z0-9+/]{32,86}|whsk_([A-Za-z0-9+/]{43}|[A-Za-z0-9+/]{86}))={0,2}";

  /** What stands before the comma of a signature by such a key. */
  String scheme();

  /** The signature of {@code signed}. */
  byte[] sign(byte[] signed);

  /** Whether {@code signature} is one of {@code signed}, in a time that does not depend on how. */
  boolean verify(byte[] signed, byte[] signature);

  /**
   * Reads a key.
   *
   * @throws IllegalArgumentException where it is none
   */
  static WebhookKey parse(String text) {
    if (!text.matches(VERIFIES) && !text.matches(SIGNS)) {
      throw new IllegalArgumentException("not a key of Standard Webhooks");
    }
    int end = text.indexOf('_') + 1;
    byte[] bytes = Base64.getDecoder().decode(text.substring(end).getBytes(ISO_8859_1));
    return switch (text.substring(0, end)) {
      case "whsec_" -> new Secret(new HmacKey(bytes));
      case "whpk_" -> Ed25519.verifying(bytes);
      case "whsk_" -> Ed25519.signing(Arrays.copyOf(bytes, 32));
      default -> throw new IllegalArgumentException("a webhook key is whsec_, whpk_ or whsk_");
    };
  }

  /** A key that both sides have. */
  record Secret(HmacKey key) implements WebhookKey {
    @Override
    public String scheme() {
      return "v1";
    }

    @Override
    public byte[] sign(byte[] signed) {
      return key.of(signed);
    }

    @Override
    public boolean verify(byte[] signed, byte[] signature) {
      return MessageDigest.isEqual(sign(signed), signature);
    }

    @Override
    public String toString() {
      return "whsec_***";
    }
  }

  /** A pair of keys, of which we have one. */
  record Ed25519(Half half) implements WebhookKey {
    // What stands before the 32 bytes in the encodings that Java reads (RFC 8410).
    private static final byte[] PUBLIC = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] PRIVATE =
        HexFormat.of().parseHex("302e020100300506032b657004220420");

    /** The one that we have. */
    sealed interface Half {
      record Ours(PrivateKey key) implements Half {}

      record Theirs(PublicKey key) implements Half {}
    }

    static Ed25519 verifying(byte[] raw) {
      try {
        var spec = new X509EncodedKeySpec(joined(PUBLIC, raw));
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(spec);
        Signature.getInstance("Ed25519")
            .initVerify(key); // only this looks whether it is on the curve
        return new Ed25519(new Half.Theirs(key));
      } catch (GeneralSecurityException none) {
        throw new IllegalArgumentException("not an Ed25519 public key", none);
      }
    }

    static Ed25519 signing(byte[] raw) {
      try {
        var spec = new PKCS8EncodedKeySpec(joined(PRIVATE, raw));
        return new Ed25519(new Half.Ours(KeyFactory.getInstance("Ed25519").generatePrivate(spec)));
      } catch (GeneralSecurityException none) {
        throw new IllegalArgumentException("not an Ed25519 private key", none);
      }
    }

    private static byte[] joined(byte[] head, byte[] tail) {
      byte[] both = Arrays.copyOf(head, head.length + tail.length);
      System.arraycopy(tail, 0, both, head.length, tail.length);
      return both;
    }

    @Override
    public String scheme() {
      return "v1a";
    }

    @Override
    public byte[] sign(byte[] signed) {
      if (!(half instanceof Half.Ours(PrivateKey key))) {
        throw new IllegalStateException("a public key does not sign");
      }
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(signed);
        return signature.sign();
      } catch (GeneralSecurityException everyJdkHasIt) {
        throw new IllegalStateException("Ed25519 is missing from this Java", everyJdkHasIt);
      }
    }

    @Override
    public boolean verify(byte[] signed, byte[] given) {
      if (!(half instanceof Half.Theirs(PublicKey key))) {
        return false;
      }
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(signed);
        return signature.verify(given);
      } catch (GeneralSecurityException notEvenOne) {
        return false;
      }
    }

    @Override
    public String toString() {
      return "whsk_***";
    }
  }
}
