package io.asyncproxy.callback;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncproxy.job.JobId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The unforgeable part of a callback URL: the job's id and a MAC over it, so that any process that
 * knows the key finds the job, and nobody else can name it.
 *
 * <p>33 bytes (a version, the id, 16 bytes of MAC) in base64url (RFC 4648, section 5): 44
 * characters without padding or spare bits, so that each token has exactly one spelling. The token
 * of a job that came by a route has a point and the route's name behind it, which are signed with
 * it: who knows one can't have it read by another route's rules.
 */
public final class CallbackToken {
  private static final byte VERSION = 1;
  private static final byte OF_A_ROUTE = 2;
  private static final int SIGNED_BYTES = 17;
  private static final int BYTES = SIGNED_BYTES + TokenKeys.MAC_BYTES;
  static final int CHARS = 44;

  private final TokenKeys keys;

  /** Tokens by {@code secrets}: the first makes them, each of them is accepted. */
  public CallbackToken(List<byte[]> secrets) {
    this(new TokenKeys(secrets));
  }

  CallbackToken(TokenKeys keys) {
    this.keys = keys;
  }

  /** The token of a job. */
  public String of(JobId job) {
    return of(job, "");
  }

  /** The token of a job that came by {@code route}; by none where that is empty. */
  public String of(JobId job, String route) {
    ByteBuffer token = ByteBuffer.allocate(BYTES);
    token.put(route.isEmpty() ? VERSION : OF_A_ROUTE).putLong(job.high()).putLong(job.low());
    token.put(mac(0, token.array(), route), 0, TokenKeys.MAC_BYTES);
    String text = new String(Base64.getUrlEncoder().encode(token.array()), ISO_8859_1);
    return route.isEmpty() ? text : text + '.' + route;
  }

  private byte[] mac(int key, byte[] token, String route) {
    if (route.isEmpty()) {
      return keys.mac(key, token, SIGNED_BYTES);
    }
    byte[] name = route.getBytes(ISO_8859_1);
    byte[] signed = Arrays.copyOf(token, SIGNED_BYTES + name.length);
    System.arraycopy(name, 0, signed, SIGNED_BYTES, name.length);
    return keys.mac(key, signed, signed.length);
  }

  /** The job of a token without a route; empty for anything that this deployment did not make. */
  public Optional<JobId> verify(String token) {
    return verify(token, "");
  }

  /** The job of a token, which stands before the point where it has a {@code route}. */
  public Optional<JobId> verify(String token, String route) {
    if (token.length() != CHARS) {
      return Optional.empty();
    }
    byte[] bytes = decode(token);
    boolean genuine = false;
    for (int key = 0; key < keys.count(); key++) {
      genuine |= sameMac(mac(key, bytes, route), bytes);
    }
    if (!genuine || bytes[0] != (route.isEmpty() ? VERSION : OF_A_ROUTE)) {
      return Optional.empty();
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes, 1, Long.BYTES * 2);
    return Optional.of(new JobId(fields.getLong(), fields.getLong()));
  }

  /** What is no base64url is taken for zeros, so that it costs the same time to refuse. */
  private static byte[] decode(String token) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(token);
      return bytes.length == BYTES ? bytes : new byte[BYTES];
    } catch (IllegalArgumentException notBase64) {
      return new byte[BYTES];
    }
  }

  /** Takes as long wherever they differ, as {@link MessageDigest#isEqual} promises. */
  private static boolean sameMac(byte[] mac, byte[] token) {
    return MessageDigest.isEqual(
        Arrays.copyOf(mac, TokenKeys.MAC_BYTES), Arrays.copyOfRange(token, SIGNED_BYTES, BYTES));
  }
}
