package io.asyncproxy.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A message of Standard Webhooks 1.0: what is signed is its id, its time and its body, separated by
 * points.
 *
 * @param id what is the same whenever it is sent again
 * @param timestamp when it was sent: seconds since 1970, in decimal
 * @param body the raw body
 */
public record WebhookMessage(String id, String timestamp, byte[] body) {
  /** The header with the id. */
  public static final String ID = "webhook-id";

  /** The header with the time. */
  public static final String TIMESTAMP = "webhook-timestamp";

  /** The header with the signatures, separated by spaces. */
  public static final String SIGNATURE = "webhook-signature";

  /** The id that the header says; empty where that is none. */
  public static Optional<String> idOf(@Nullable String header) {
    return Optional.ofNullable(header)
        .filter(id -> !id.isEmpty() && id.length() <= WebhookVerifier.ID_CHARS);
  }

  /** The signatures by {@code keys}, as the header has them. */
  public String signedBy(List<WebhookKey> keys) {
    byte[] signed = signed();
    return keys.stream()
        .map(key -> key.scheme() + ',' + Base64.getEncoder().encodeToString(key.sign(signed)))
        .collect(Collectors.joining(" "));
  }

  byte[] signed() {
    byte[] head = (id + '.' + timestamp + '.').getBytes(UTF_8);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }
}
