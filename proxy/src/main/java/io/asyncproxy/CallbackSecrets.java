package io.asyncproxy;

import io.asyncproxy.store.JobStore;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * The keys of callback tokens: the given ones, and one that is generated and kept in the store.
 * That one stays good: jobs that run have its tokens when a key is given for the first time.
 */
final class CallbackSecrets {
  private static final String PREFIX = "whsec_";
  private static final int KEY_BYTES = 32;

  private CallbackSecrets() {}

  static Future<List<byte[]>> of(List<String> given, JobStore store) {
    Stream<String> shared = given.stream().filter(key -> key.startsWith(PREFIX));
    return store
        .secret("callback.secret", generate())
        .map(kept -> Stream.concat(shared, Stream.of(kept)).map(CallbackSecrets::decode).toList());
  }

  private static String generate() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return PREFIX + Base64.getEncoder().encodeToString(key);
  }

  private static byte[] decode(String secret) {
    return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
  }
}
