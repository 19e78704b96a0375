package io.asyncproxy.signature;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key of HMAC-SHA-256 (RFC 2104, FIPS 198-1). Has a MAC for each thread, because making one costs
 * more than using it. Thread-safe.
 */
public final class HmacKey {
  private static final String ALGORITHM = "HmacSHA256";

  private final ThreadLocal<Mac> macs;

  /** The key that {@code bytes} are. */
  public HmacKey(byte[] bytes) {
    SecretKeySpec key = new SecretKeySpec(bytes, ALGORITHM);
    this.macs = ThreadLocal.withInitial(() -> mac(key));
  }

  /** The first MAC of all takes its time: Java looks for one through its security providers. */
  public static void prepare() {
    new HmacKey(new byte[32]).of(new byte[0]);
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(ALGORITHM + " is missing from this Java", everyJdkHasIt);
    }
  }

  /** The MAC of {@code bytes}. */
  public byte[] of(byte[] bytes) {
    return of(bytes, bytes.length);
  }

  /** The MAC of the first {@code length} bytes. */
  public byte[] of(byte[] bytes, int length) {
    Mac mac = macs.get();
    mac.update(bytes, 0, length);
    return mac.doFinal();
  }
}
