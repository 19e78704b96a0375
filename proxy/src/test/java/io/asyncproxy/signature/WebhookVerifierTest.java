package io.asyncproxy.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message is good as it was signed, by a key that we have, at its time; and in no other way. */
class WebhookVerifierTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final String TIME = Long.toString(NOW.getEpochSecond());
  private static final String ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
  private static final String BODY = "{\"id\":\"4499\",\"state\":\"completed\",\"t\":\"ö\"}";
  private static final WebhookKey KEY = secret("the secret of these tests, 32 by");
  private static final WebhookKey NEXT = secret("its successor, of as many bytes.");

  // RFC 8032, section 7.1, the second test.
  private static final String SEED = "TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs=";
  private static final String PUBLIC = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
  private static final byte[] SIGNED_BY_RFC = {0x72};
  private static final String SIGNATURE_BY_RFC =
      "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==";

  private static WebhookKey secret(String bytes) {
    return WebhookKey.parse("whsec_" + Base64.getEncoder().encodeToString(bytes.getBytes(UTF_8)));
  }

  private static String signature(WebhookKey... keys) {
    return new WebhookMessage(ID, TIME, BODY.getBytes(UTF_8)).signedBy(List.of(keys));
  }

  private static Optional<String> refusal(
      @Nullable String id, @Nullable String time, @Nullable String signatures, byte[] body) {
    return new WebhookVerifier(List.of(KEY)).refusal(id, time, signatures, body, NOW);
  }

  private static Optional<String> refusal(String signatures, WebhookKey... keys) {
    return new WebhookVerifier(List.of(keys))
        .refusal(ID, TIME, signatures, BODY.getBytes(UTF_8), NOW);
  }

  @Test
  void messageIsGoodAsItWasSigned() {
    assertThat(refusal(signature(KEY), KEY)).isEmpty();
  }

  @Test
  void anyAlteredBitOfTheBodyIsRefused() {
    byte[] body = BODY.getBytes(UTF_8);
    for (int bit = 0; bit < body.length * 8; bit++) {
      body[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(refusal(ID, TIME, signature(KEY), body)).as("bit %d", bit).isPresent();
      body[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(refusal(ID, TIME, signature(KEY), body)).isEmpty();
  }

  @Test
  void bodyThatIsCutOrGrewIsRefused() {
    for (String other : List.of("", BODY + " ", " " + BODY, BODY.substring(1), BODY + BODY)) {
      assertThat(refusal(ID, TIME, signature(KEY), other.getBytes(UTF_8))).isPresent();
    }
  }

  @Test
  void anyAlteredCharacterOfIdTimeOrSignatureIsRefused() {
    byte[] body = BODY.getBytes(UTF_8);
    String signature = signature(KEY);
    for (String other : altered(ID)) {
      assertThat(refusal(other, TIME, signature, body)).as(other).isPresent();
    }
    for (String other : altered(TIME)) {
      assertThat(refusal(ID, other, signature, body)).as(other).isPresent();
    }
    for (String other : altered(signature)) {
      assertThat(refusal(ID, TIME, other, body)).as(other).isPresent();
    }
  }

  /** Each character, by each of some others. */
  private static List<String> altered(String text) {
    List<String> altered = new ArrayList<>();
    for (int at = 0; at < text.length(); at++) {
      for (char other : "ABCDabcd0123456789+/=,._- ".toCharArray()) {
        if (other != text.charAt(at)) {
          altered.add(text.substring(0, at) + other + text.substring(at + 1));
        }
      }
    }
    return altered;
  }

  @Test
  void signatureOfAnotherLengthIsRefused() {
    String signature = signature(KEY);
    for (int length = 0; length < signature.length(); length++) {
      assertThat(refusal(signature.substring(0, length), KEY)).as("%d", length).isPresent();
    }
    for (String more : List.of("=", "A", "AAAA", "=AAA", ",", ",x")) {
      assertThat(refusal(signature + more, KEY)).as(more).isPresent();
    }
    for (String none : List.of("v1,", "v1", ",", " ", "v1a,", "v1,====", "v1,!", "v1,\u00e9")) {
      assertThat(refusal(none, KEY)).as(none).isPresent();
    }
  }

  @Test
  void signatureIsOfItsSchemeOnly() {
    String mac = signature(KEY).substring(3);
    for (String scheme : List.of("v1a", "v2", "V1", "v", "v10", "")) {
      assertThat(refusal(scheme + ',' + mac, KEY)).as(scheme).isPresent();
    }
    WebhookKey theirs = WebhookKey.parse("whpk_" + PUBLIC);
    String asymmetric = signature(WebhookKey.parse("whsk_" + SEED));
    assertThat(refusal(asymmetric, theirs)).isEmpty();
    assertThat(refusal("v1," + asymmetric.substring(4), theirs)).isPresent();
  }

  @Test
  void anyOfSeveralSignaturesIsEnough() {
    String good = signature(KEY);
    String bad = signature(NEXT);
    assertThat(refusal(bad + ' ' + good, KEY)).isEmpty();
    assertThat(refusal(good + ' ' + bad, KEY)).isEmpty();
    assertThat(refusal("v1a,AAAA v2,x  nonsense , " + bad + ' ' + good, KEY)).isEmpty();
    assertThat(refusal(bad + ' ' + bad, KEY)).isPresent();
    assertThat(refusal(bad + ',' + good, KEY)).isPresent();
    assertThat(refusal(bad + '\t' + good, KEY)).isPresent();
  }

  @Test
  void onlySoManySignaturesAreLookedAt() {
    String many = String.join(" ", Collections.nCopies(15, signature(NEXT)));
    assertThat(refusal(many + ' ' + signature(KEY), KEY)).isEmpty();
    assertThat(refusal(many + ' ' + signature(NEXT) + ' ' + signature(KEY), KEY)).isPresent();
  }

  @Test
  void keysAreRotatedByHavingTwoForAWhile() {
    assertThat(refusal(signature(KEY), NEXT)).as("before").isPresent();
    assertThat(refusal(signature(KEY), NEXT, KEY)).isEmpty();
    assertThat(refusal(signature(NEXT), NEXT, KEY)).isEmpty();
    assertThat(refusal(signature(NEXT, KEY), KEY)).as("the sender signs with both").isEmpty();
    assertThat(refusal(signature(NEXT, KEY), NEXT)).isEmpty();
    assertThat(refusal(signature(KEY))).as("no key at all").isPresent();
  }

  @ParameterizedTest
  @CsvSource({"-300,true", "-301,false", "300,true", "301,false", "0,true", "-86400,false"})
  void timeMayBeFiveMinutesOffEitherWay(long seconds, boolean good) {
    Instant sent = NOW.plusSeconds(seconds);
    WebhookMessage message =
        new WebhookMessage(ID, Long.toString(sent.getEpochSecond()), BODY.getBytes(UTF_8));
    Optional<String> refusal =
        new WebhookVerifier(List.of(KEY))
            .refusal(ID, message.timestamp(), message.signedBy(List.of(KEY)), message.body(), NOW);
    assertThat(refusal.isEmpty()).isEqualTo(good);
    assertThat(refusal.orElse("5 minutes")).contains("5 minutes");
    assertThat(WebhookVerifier.TOLERANCE).isEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "-1",
        "+1795428000",
        " 1795428000",
        "1795428000 ",
        "1795428000.5",
        "1.795428e9",
        "0x6B03D2E0",
        "1795428000000",
        "9999999999999999999999",
        "NaN",
        "\u0661\u0667",
        "2026-11-23T10:00:00Z"
      })
  void timeIsSecondsInDecimalAndNothingElse(String time) {
    String signature = new WebhookMessage(ID, time, BODY.getBytes(UTF_8)).signedBy(List.of(KEY));
    assertThat(refusal(ID, time, signature, BODY.getBytes(UTF_8)).orElseThrow())
        .contains("webhook-timestamp");
  }

  @Test
  void allThreeHeadersAreNeeded() {
    byte[] body = BODY.getBytes(UTF_8);
    assertThat(refusal(null, TIME, signature(KEY), body)).isPresent();
    assertThat(refusal(ID, null, signature(KEY), body)).isPresent();
    assertThat(refusal(ID, TIME, null, body)).isPresent();
    assertThat(refusal(ID, TIME, "", body)).isPresent();
  }

  @Test
  void idHasOneTo256Characters() {
    for (int length : new int[] {0, 1, 256, 257}) {
      String id = "i".repeat(length);
      byte[] body = BODY.getBytes(UTF_8);
      String signature = new WebhookMessage(id, TIME, body).signedBy(List.of(KEY));
      assertThat(refusal(id, TIME, signature, body).isEmpty())
          .isEqualTo(length == 1 || length == 256);
    }
  }

  @Test
  void partsOfAMessageCanNotBeShiftedIntoEachOther() {
    byte[] body = "5.{}".getBytes(UTF_8);
    String signature = new WebhookMessage("a", TIME, body).signedBy(List.of(KEY));
    assertThat(refusal("a", TIME, signature, body)).isEmpty();
    assertThat(refusal("a." + TIME, "5", signature, "{}".getBytes(UTF_8)))
        .as("the same signed bytes, but a time that is long over")
        .isPresent();
  }

  @Test
  void ed25519IsTheOneOfItsRfc() {
    byte[] signature = Base64.getDecoder().decode(SIGNATURE_BY_RFC);
    WebhookKey theirs = WebhookKey.parse("whpk_" + PUBLIC);
    assertThat(WebhookKey.parse("whsk_" + SEED).sign(SIGNED_BY_RFC)).isEqualTo(signature);
    assertThat(theirs.verify(SIGNED_BY_RFC, signature)).isTrue();
    for (int at = 0; at < signature.length; at++) {
      signature[at] ^= 1;
      assertThat(theirs.verify(SIGNED_BY_RFC, signature)).as("byte %d", at).isFalse();
      signature[at] ^= 1;
    }
    for (int length : new int[] {0, 1, 32, 63, 65, 128}) {
      assertThat(theirs.verify(SIGNED_BY_RFC, Arrays.copyOf(signature, length))).isFalse();
    }
  }

  @Test
  void privateKeyMayHaveItsPublicOneBehindIt() {
    byte[] both = Arrays.copyOf(Base64.getDecoder().decode(SEED), 64);
    System.arraycopy(Base64.getDecoder().decode(PUBLIC), 0, both, 32, 32);
    WebhookKey ours = WebhookKey.parse("whsk_" + Base64.getEncoder().encodeToString(both));
    assertThat(refusal(signature(ours), WebhookKey.parse("whpk_" + PUBLIC))).isEmpty();
    assertThat(ours.scheme()).isEqualTo("v1a");
    assertThat(ours.verify(SIGNED_BY_RFC, ours.sign(SIGNED_BY_RFC))).as("it signs").isFalse();
  }

  @Test
  void publicKeyDoesNotSign() {
    assertThatThrownBy(() -> signature(WebhookKey.parse("whpk_" + PUBLIC)))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "whsec",
        "whsec_!",
        "whsek_AAAA",
        "AAAA",
        "whpk_AAAA",
        "whsec_AAAAA",
        "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0ZgwA",
        "whsk_AAAA"
      })
  void whatIsNoKeyIsRefused(String text) {
    assertThatThrownBy(() -> WebhookKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysAreNeverPrinted() {
    for (String key : List.of("whsec_" + SEED, "whsk_" + SEED, "whpk_" + PUBLIC)) {
      assertThat(new WebhookVerifier(List.of(WebhookKey.parse(key))).toString())
          .doesNotContain(key.substring(6, 20));
    }
  }

  /** Every other number is no point of the curve; of 40 in turn some are surely not. */
  @Test
  void publicKeyThatIsNoPointOfTheCurveIsNone() {
    int refused = 0;
    for (int i = 2; i < 42; i++) {
      byte[] y = new byte[32];
      y[0] = (byte) i;
      try {
        WebhookKey.parse("whpk_" + java.util.Base64.getEncoder().encodeToString(y));
      } catch (IllegalArgumentException none) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1, 39);
  }
}
