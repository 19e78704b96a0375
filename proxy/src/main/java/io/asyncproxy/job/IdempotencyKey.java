package io.asyncproxy.job;

/**
 * What makes two requests the same request (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * @param scope whose key it is: the name of an API key, or empty where there are none
 * @param value the key as the client gave it, 1..255 characters
 * @param bodyDigest SHA-256 of the request body, byte for byte
 */
public record IdempotencyKey(String scope, String value, Digest bodyDigest) {

  /** Which of 256 parts of a store the key belongs to. */
  public int part() {
    int hash = (scope + '\n' + value).hashCode(); // the same in every process, as Java promises
    return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 0xFF;
  }

  /** Whether both name the same key, whatever their bodies. */
  public boolean sameKey(IdempotencyKey other) {
    return scope.equals(other.scope) && value.equals(other.value);
  }
}
