package io.asyncproxy.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of a deployment's tokens: the first one signs, each of them is good, so that they can be
 * rotated. HMAC-SHA-256 (RFC 2104, FIPS 198-1), cut to 128 bits. Thread-safe.
 */
final class TokenKeys {
  static final int MAC_BYTES = 16;
  private static final String PURPOSE = "async-proxy callback token v1";

  private final List<ThreadLocal<Mac>> macs;

  /** Keys derived from {@code secrets}, so that these can serve other purposes too. */
  TokenKeys(List<byte[]> secrets) {
    this.macs = secrets.stream().map(TokenKeys::derived).map(TokenKeys::perThread).toList();
  }

  private static SecretKeySpec derived(byte[] secret) {
    return key(mac(key(secret)).doFinal(PURPOSE.getBytes(UTF_8)));
  }

  private static ThreadLocal<Mac> perThread(SecretKeySpec key) {
    return ThreadLocal.withInitial(() -> mac(key));
  }

  private static SecretKeySpec key(byte[] bytes) {
    return new SecretKeySpec(bytes, "HmacSHA256");
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException("HmacSHA256 is missing from this Java", everyJdkHasIt);
    }
  }

  int count() {
    return macs.size();
  }

  /** The MAC of the first {@code length} bytes, by the key number {@code key}. */
  byte[] mac(int key, byte[] bytes, int length) {
    Mac mac = macs.get(key).get();
    mac.update(bytes, 0, length);
    return mac.doFinal();
  }
}
