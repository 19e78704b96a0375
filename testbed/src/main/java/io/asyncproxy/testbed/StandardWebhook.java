package io.asyncproxy.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs webhooks (Standard Webhooks 1.0, scheme {@code v1}). */
final class StandardWebhook {
  private final SecretKeySpec key;

  StandardWebhook(String secret) {
    if (!secret.startsWith("whsec_")) {
      throw new IllegalArgumentException("a webhook secret begins with whsec_");
    }
    this.key = new SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256");
  }

  Map<String, String> headers(String messageId, long epochSeconds, byte[] body) {
    ByteArrayOutputStream signed = new ByteArrayOutputStream(body.length + 64);
    signed.writeBytes((messageId + '.' + epochSeconds + '.').getBytes(UTF_8));
    signed.writeBytes(body);
    return Map.of(
        "webhook-id",
        messageId,
        "webhook-timestamp",
        Long.toString(epochSeconds),
        "webhook-signature",
        "v1," + mac(signed.toByteArray()));
  }

  private String mac(byte[] content) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return Base64.getEncoder().encodeToString(mac.doFinal(content));
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException("HmacSHA256 is missing from this Java", everyJdkHasIt);
    }
  }
}
