package io.asyncproxy.signature;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks messages of Standard Webhooks 1.0: one signature by one of the keys, and a time that is
 * neither long ago nor far ahead. Thread-safe.
 *
 * @param keys the keys, several while they are rotated
 */
public record WebhookVerifier(List<WebhookKey> keys) {
  /** How far the sender's clock and ours may be apart. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** The longest id. */
  public static final int ID_CHARS = 256;

  private static final int TIME_CHARS = 12;
  private static final int SIGNATURES = 16;

  /**
   * Why the message is not accepted; empty where it is.
   *
   * @param id the header {@code webhook-id}
   * @param timestamp the header {@code webhook-timestamp}
   * @param signatures the header {@code webhook-signature}
   */
  public Optional<String> refusal(
      @Nullable String id,
      @Nullable String timestamp,
      @Nullable String signatures,
      byte[] body,
      Instant now) {
    if (id == null || timestamp == null || signatures == null) {
      return Optional.of("webhook-id, webhook-timestamp and webhook-signature are needed");
    }
    if (id.isEmpty() || id.length() > ID_CHARS) {
      return Optional.of("webhook-id must have 1 to " + ID_CHARS + " characters");
    }
    Optional<Instant> sent = time(timestamp);
    if (sent.isEmpty()) {
      return Optional.of("webhook-timestamp must be seconds since 1970");
    }
    if (Duration.between(sent.get(), now).abs().compareTo(TOLERANCE) > 0) {
      return Optional.of("webhook-timestamp is more than 5 minutes off");
    }
    return isSigned(new WebhookMessage(id, timestamp, body), signatures)
        ? Optional.empty()
        : Optional.of("webhook-signature does not match");
  }

  private static Optional<Instant> time(String text) {
    boolean digits = !text.isEmpty() && text.length() <= TIME_CHARS;
    digits &= text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? Optional.of(Instant.ofEpochSecond(Long.parseLong(text))) : Optional.empty();
  }

  private boolean isSigned(WebhookMessage message, String signatures) {
    byte[] signed = message.signed();
    boolean genuine = false;
    for (String one : signatures.split(" ", SIGNATURES)) {
      int comma = one.indexOf(',');
      if (comma > 0) {
        Optional<byte[]> bytes = decode(one.substring(comma + 1));
        for (WebhookKey key : keys) {
          genuine |=
              bytes.isPresent()
                  && key.scheme().equals(one.substring(0, comma))
                  && key.verify(signed, bytes.get());
        }
      }
    }
    return genuine;
  }

  /** Only the one spelling that encoders give: without spare bits, with its padding. */
  private static Optional<byte[]> decode(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return Base64.getEncoder().encodeToString(bytes).equals(text)
          ? Optional.of(bytes)
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
