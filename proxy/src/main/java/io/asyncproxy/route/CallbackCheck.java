package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.signature.WebhookKey;
import io.asyncproxy.signature.WebhookMessage;
import io.asyncproxy.signature.WebhookVerifier;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** What a callback has to prove, besides the unforgeable URL where it has one. */
public sealed interface CallbackCheck {

  /** Why the callback is not accepted, without any secret; empty where it is. */
  Optional<String> refusal(Function<String, Optional<String>> headers, byte[] body, Instant now);

  /** Nothing. */
  record None() implements CallbackCheck {
    @Override
    public Optional<String> refusal(
        Function<String, Optional<String>> headers, byte[] body, Instant now) {
      return Optional.empty();
    }
  }

  /** A signature by Standard Webhooks 1.0. */
  record StandardWebhooks(WebhookVerifier verifier) implements CallbackCheck {
    /** By one of {@code keys}. */
    public StandardWebhooks(List<WebhookKey> keys) {
      this(new WebhookVerifier(keys));
    }

    @Override
    public Optional<String> refusal(
        Function<String, Optional<String>> headers, byte[] body, Instant now) {
      return verifier.refusal(
          orNull(headers, WebhookMessage.ID),
          orNull(headers, WebhookMessage.TIMESTAMP),
          orNull(headers, WebhookMessage.SIGNATURE),
          body,
          now);
    }

    private static @Nullable String orNull(
        Function<String, Optional<String>> headers, CharSequence name) {
      return headers.apply(name.toString()).orElse(null);
    }
  }

  /** A header field that is a secret: bearer, basic, or one of the API's own. */
  record SecretHeader(String name, List<String> values) implements CallbackCheck {
    @Override
    public Optional<String> refusal(
        Function<String, Optional<String>> headers, byte[] body, Instant now) {
      byte[] given = headers.apply(name).orElse("").getBytes(UTF_8);
      boolean genuine = false;
      for (String value : values) {
        genuine |= MessageDigest.isEqual(given, value.getBytes(UTF_8));
      }
      return genuine ? Optional.empty() : Optional.of("wrong or missing " + name);
    }

    @Override
    public String toString() {
      return "SecretHeader[" + name + ", ***]";
    }
  }

  /**
   * An HMAC (RFC 2104) in a header field.
   *
   * @param header its name
   * @param element which one of {@code a=1,b=2} the signature is, each of them where there are
   *     several; empty where it is all of the field
   * @param prefix what stands before the signature, such as {@code sha256=}
   * @param algorithm {@code HmacSHA1}, {@code HmacSHA256} or {@code HmacSHA512}
   * @param hex hexadecimal; else base64
   * @param timestamp where the time is that was signed, seconds since 1970; checked where there is
   *     one
   * @param signed what was signed: {@code {timestamp}} and {@code {body}} in a text
   * @param secrets the keys, several while they are rotated
   */
  record Hmac(
      String header,
      String element,
      String prefix,
      String algorithm,
      boolean hex,
      Optional<Timestamp> timestamp,
      String signed,
      List<byte[]> secrets)
      implements CallbackCheck {

    /** Where a time is: a header field, or one element of it. */
    public record Timestamp(String header, String element) {}

    private static final String BODY = "{body}";
    private static final int ELEMENTS = 32;

    @Override
    public Optional<String> refusal(
        Function<String, Optional<String>> headers, byte[] body, Instant now) {
      Optional<String> time =
          timestamp.flatMap(
              where -> read(headers, where.header(), where.element()).stream().findFirst());
      if (timestamp.isPresent()) {
        Optional<String> stale = stale(time, now);
        if (stale.isPresent()) {
          return stale;
        }
      }
      List<byte[]> given =
          read(headers, header, element).stream()
              .filter(text -> text.startsWith(prefix))
              .flatMap(text -> bytes(text).stream())
              .toList();
      if (given.isEmpty()) {
        return Optional.of(header + " is missing, or no signature");
      }
      boolean genuine = false;
      for (byte[] secret : secrets) {
        byte[] expected = mac(secret, time.orElse(""), body);
        for (byte[] signature : given) {
          genuine |= MessageDigest.isEqual(expected, signature);
        }
      }
      return genuine ? Optional.empty() : Optional.of(header + " does not match");
    }

    /** Senders whose key is rotated sign by the old one and the new one (Stripe does so). */
    private static List<String> read(
        Function<String, Optional<String>> headers, String header, String element) {
      Optional<String> value = headers.apply(header).map(String::strip);
      if (element.isEmpty()) {
        return value.stream().toList();
      }
      return value.stream()
          .flatMap(all -> List.of(all.split(",", ELEMENTS)).stream())
          .map(String::strip)
          .filter(one -> one.startsWith(element + '='))
          .map(one -> one.substring(element.length() + 1))
          .toList();
    }

    private static Optional<String> stale(Optional<String> time, Instant now) {
      String seconds = time.filter(text -> text.matches("\\d{1,12}")).orElse("");
      if (seconds.isEmpty()) {
        return Optional.of("the signed time is missing, or not seconds since 1970");
      }
      Duration apart = Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now).abs();
      return apart.compareTo(WebhookVerifier.TOLERANCE) > 0
          ? Optional.of("the signed time is more than 5 minutes off")
          : Optional.empty();
    }

    private Optional<byte[]> bytes(String text) {
      try {
        String rest = text.substring(prefix.length());
        return Optional.of(hex ? HexFormat.of().parseHex(rest) : Base64.getDecoder().decode(rest));
      } catch (IllegalArgumentException malformed) {
        return Optional.empty();
      }
    }

    private byte[] mac(byte[] secret, String time, byte[] body) {
      String text = signed.replace("{timestamp}", time);
      int at = text.indexOf(BODY);
      try {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(secret, algorithm));
        mac.update(text.substring(0, at).getBytes(UTF_8));
        mac.update(body);
        return mac.doFinal(text.substring(at + BODY.length()).getBytes(UTF_8));
      } catch (GeneralSecurityException everyJdkHasIt) {
        throw new IllegalStateException(algorithm + " is missing from this Java", everyJdkHasIt);
      }
    }

    @Override
    public String toString() {
      return "Hmac[" + header + ", " + algorithm + ", ***]";
    }
  }
}
