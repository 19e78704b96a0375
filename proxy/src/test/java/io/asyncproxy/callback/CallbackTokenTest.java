package io.asyncproxy.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Jobs;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of this deployment, in their one spelling, and nothing else. */
class CallbackTokenTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final byte[] OLD = "the old secret of this deployment".getBytes(UTF_8);
  private static final byte[] NEW = "the new secret of this deployment".getBytes(UTF_8);

  private final CallbackToken tokens = new CallbackToken(List.of(OLD));
  private final JobId job = Jobs.id();
  private final String token = tokens.of(job);

  @Test
  void tokenNamesItsJob() {
    Random random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      JobId id = JobId.create(random.nextLong(1L << 48), random);
      assertThat(tokens.of(id)).matches("[A-Za-z0-9_-]{44}");
      assertThat(tokens.verify(tokens.of(id))).contains(id);
    }
  }

  @Test
  void everyAttemptOfAJobHasTheSameToken() {
    assertThat(tokens.of(job)).isEqualTo(new CallbackToken(List.of(OLD)).of(job));
  }

  @Test
  void anyOtherCharacterAnywhereIsRefused() {
    for (int at = 0; at < token.length(); at++) {
      for (int i = 0; i < ALPHABET.length(); i++) {
        char other = ALPHABET.charAt(i);
        if (other != token.charAt(at)) {
          String altered = token.substring(0, at) + other + token.substring(at + 1);
          assertThat(tokens.verify(altered)).as(altered).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"=", "+", "/", " ", ".", "%", "\n", "\0", "\u00e9", "\uff21", "\ud83d"})
  void characterOutsideTheAlphabetIsRefused(String other) {
    for (int at : new int[] {0, 21, 42, 43}) {
      String altered = token.substring(0, at) + other + token.substring(at + 1);
      assertThat(tokens.verify(altered)).isEmpty();
    }
  }

  @Test
  void otherLengthAndPaddingAreRefused() {
    for (int length = 0; length < token.length(); length++) {
      String cut = token.substring(0, length);
      assertThat(tokens.verify(cut)).isEmpty();
      assertThat(tokens.verify(cut + "=".repeat(44 - length))).isEmpty();
      assertThat(tokens.verify(cut + " ".repeat(44 - length))).isEmpty();
    }
    for (String more : List.of("A", "=", "==", "====", " ", "\n", "/", token)) {
      assertThat(tokens.verify(token + more)).isEmpty();
      assertThat(tokens.verify(more + token)).isEmpty();
    }
  }

  @Test
  void otherSpellingIsRefused() {
    assertThat(tokens.verify(token.toLowerCase(Locale.ROOT))).isEmpty();
    assertThat(tokens.verify(token.toUpperCase(Locale.ROOT))).isEmpty();
    assertThat(tokens.verify("%" + Integer.toHexString(token.charAt(0)) + token.substring(1)))
        .isEmpty();
  }

  @Test
  void macOfAnotherJobIsRefused() {
    byte[] mine = Base64.getUrlDecoder().decode(token);
    byte[] others = Base64.getUrlDecoder().decode(tokens.of(Jobs.id()));
    System.arraycopy(others, 17, mine, 17, 16);

    assertThat(tokens.verify(Base64.getUrlEncoder().encodeToString(mine))).isEmpty();
  }

  @Test
  void nullTokenIsRefused() {
    assertThat(tokens.verify("A".repeat(44))).isEmpty();
  }

  @Test
  void tokenOfAnotherDeploymentIsRefused() {
    CallbackToken other = new CallbackToken(List.of(NEW));

    assertThat(other.verify(token)).isEmpty();
    assertThat(tokens.verify(other.of(job))).isEmpty();
  }

  @Test
  void tokenOfAVersionThatWeDoNotKnowIsRefused() {
    TokenKeys keys = new TokenKeys(List.of(OLD));
    byte[] bytes = Base64.getUrlDecoder().decode(token);
    bytes[0] = 2;
    System.arraycopy(keys.mac(0, bytes, 17), 0, bytes, 17, TokenKeys.MAC_BYTES);

    assertThat(tokens.verify(Base64.getUrlEncoder().encodeToString(bytes))).isEmpty();
  }

  @Test
  void secretsCanBeRotated() {
    CallbackToken rotating = new CallbackToken(List.of(NEW, OLD));
    CallbackToken rotated = new CallbackToken(List.of(NEW));

    assertThat(rotating.of(job)).as("the first signs").isEqualTo(rotated.of(job));
    assertThat(rotating.verify(token)).as("the second is good").contains(job);
    assertThat(rotating.verify(rotated.of(job))).contains(job);
    assertThat(rotated.verify(token)).as("until it is gone").isEmpty();
  }

  @Test
  void macIsNotMadeByTheSecretItself() throws Exception {
    var plain = javax.crypto.Mac.getInstance("HmacSHA256");
    plain.init(new javax.crypto.spec.SecretKeySpec(OLD, "HmacSHA256"));
    byte[] bytes = Base64.getUrlDecoder().decode(token);
    plain.update(bytes, 0, 17);
    System.arraycopy(plain.doFinal(), 0, bytes, 17, 16);

    assertThat(tokens.verify(Base64.getUrlEncoder().encodeToString(bytes)))
        .as("a signature over a webhook of the same bytes is no token")
        .isEmpty();
  }

  /** Counts what it is asked for. */
  private static final class CountingKeys extends TokenKeys {
    private int macs;

    CountingKeys() {
      super(List.of(OLD, NEW));
    }

    @Override
    byte[] mac(int key, byte[] bytes, int length) {
      macs++;
      return super.mac(key, bytes, length);
    }
  }

  /**
   * The work is the same for each, so that its time tells nothing; how long that is, {@code
   * TokenBenchmark} measures.
   */
  @Test
  void refusingTakesAsMuchWorkWhereverATokenWasAltered() {
    String byTheOther = new CallbackToken(List.of(NEW)).of(job);
    String strange = new CallbackToken(List.of("another".getBytes(UTF_8))).of(job);
    for (String tried :
        List.of(token, byTheOther, strange, altered(0), altered(10), altered(23), altered(43))) {
      CountingKeys keys = new CountingKeys();
      boolean good = new CallbackToken(keys).verify(tried).isPresent();
      assertThat(good).as(tried).isEqualTo(tried.equals(token) || tried.equals(byTheOther));
      assertThat(keys.macs).as(tried).isEqualTo(2);
    }
  }

  private String altered(int at) {
    char other = token.charAt(at) == 'A' ? 'B' : 'A';
    return token.substring(0, at) + other + token.substring(at + 1);
  }
}
