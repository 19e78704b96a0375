package io.asyncproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncproxy.http.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The header {@code Idempotency-Key}. */
class IdempotencyKeysTest {

  @Test
  void noHeaderNoKey() {
    assertThat(IdempotencyKeys.parse(List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"8e03978e\"|8e03978e",
        "8e03978e|8e03978e",
        "' \"8e03978e\" '|8e03978e",
        "' 8e03978e '|8e03978e",
        "\"a b\"|a b",
        "\"a\\\"b\\\\c\"|a\"b\\c",
        "\"a\";x=1|a",
        "\"a\" ; x|a",
        "a\"b|a\"b",
        "~!@#|~!@#"
      })
  void keyIsTakenQuotedOrBare(String header, String key) {
    assertThat(IdempotencyKeys.parse(List.of(header))).contains(key);
  }

  @Test
  void keyOf255CharactersIsTakenAndALongerOneIsNot() {
    String longest = "k".repeat(255);

    assertThat(IdempotencyKeys.parse(List.of(longest))).contains(longest);
    assertThat(IdempotencyKeys.parse(List.of('"' + longest + '"'))).contains(longest);
    assertRefused(List.of(longest + "k"));
    assertRefused(List.of('"' + longest + "k\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|empty",
        "' '|empty",
        "\"\"|empty",
        "\"a|the closing quote is missing",
        "\"|the closing quote is missing",
        "\"a\\|the closing quote is missing",
        "\"a\\\"|the closing quote is missing",
        "\"a\"b|there is something behind the closing quote",
        "\"a\" \"b\"|there is something behind the closing quote",
        "caf\u00e9|only printable ASCII characters are allowed",
        "\"caf\u00e9\"|only printable ASCII characters are allowed",
        "'\"a\tb\"'|only printable ASCII characters are allowed",
      })
  void whatCanBeNoKeyIsRefusedWithTheReason(String header, String why) {
    assertRefused(List.of(header), why);
  }

  @Test
  void twoKeysAreRefusedEvenIfTheyAreEqual() {
    assertRefused(List.of("a", "b"), "given more than once");
    assertRefused(List.of("a", "a"), "given more than once");
  }

  private static void assertRefused(List<String> headers, String why) {
    assertThatThrownBy(() -> IdempotencyKeys.parse(headers))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem().status()).isEqualTo(400);
              assertThat(refused.problem().error()).isEqualTo("Invalid Idempotency-Key: " + why);
            });
  }

  private static void assertRefused(List<String> headers) {
    assertThatThrownBy(() -> IdempotencyKeys.parse(headers))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem().status()).isEqualTo(400));
  }
}
