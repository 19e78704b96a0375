package io.asyncproxy.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.signature.HmacKey;
import java.util.List;

/**
 * The keys of a deployment's tokens: the first one signs, each of them is good, so that they can be
 * rotated. HMAC-SHA-256, cut to 128 bits. Thread-safe.
 */
class TokenKeys {
  static final int MAC_BYTES = 16;
  private static final String PURPOSE = "async-proxy callback token v1";

  private final List<HmacKey> keys;

  /** Keys derived from {@code secrets}, so that these can serve other purposes too. */
  TokenKeys(List<byte[]> secrets) {
    this.keys = secrets.stream().map(TokenKeys::derived).toList();
  }

  private static HmacKey derived(byte[] secret) {
    return new HmacKey(new HmacKey(secret).of(PURPOSE.getBytes(UTF_8)));
  }

  int count() {
    return keys.size();
  }

  /** The MAC of the first {@code length} bytes, by the key number {@code key}. */
  byte[] mac(int key, byte[] bytes, int length) {
    return keys.get(key).of(bytes, length);
  }
}
