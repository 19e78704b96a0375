package io.asyncproxy.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.dispatch.StartOutcome.Accepted;
import io.asyncproxy.dispatch.StartOutcome.Busy;
import io.asyncproxy.dispatch.StartOutcome.Invalid;
import io.asyncproxy.dispatch.StartOutcome.Refused;
import io.asyncproxy.dispatch.StartOutcome.Unclear;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the job server's answer to a start means. */
class StartAnswerTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 299})
  void objectWithAnIdIsAccepted(int status) {
    assertThat(read(status, "{\"state\":\"running\",\"id\":\"4499a6e0c2ef4b98\"}"))
        .isEqualTo(new Accepted(Optional.of("4499a6e0c2ef4b98")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"state\":\"running\"}", "{\"id\":17}", "{\"id\":null}"})
  void objectWithoutAnIdIsAcceptedWithoutAName(String body) {
    assertThat(read(200, body)).isEqualTo(new Accepted(Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OK", "[]", "null", "\"4499\"", "{\"id\":", "{} {}"})
  void successThatIsNoJsonObjectIsNonsense(String body) {
    assertThat(read(200, body))
        .isEqualTo(
            new Invalid(OptionalInt.of(200), "The job server's answer is not a JSON object", body));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 408, 409, 422, 451, 499})
  void clientErrorIsARefusalThatKeepsItsBody(int status) {
    assertThat(read(status, "{\"error\":\"no\"}"))
        .isEqualTo(new Refused(status, "{\"error\":\"no\"}"));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void busyKeepsHowLongToWait(int status) {
    assertThat(StartAnswer.read(status, Optional.of("7"), new byte[0], NOW))
        .isEqualTo(new Busy(status, Optional.of(Duration.ofSeconds(7))));
    assertThat(read(status, "{\"id\":\"1\"}")).isEqualTo(new Busy(status, Optional.empty()));
  }

  @Test
  void waitOfADateCountsFromNow() {
    assertThat(
            StartAnswer.read(503, Optional.of("Mon, 23 Nov 2026 10:00:09 GMT"), new byte[0], NOW))
        .isEqualTo(new Busy(503, Optional.of(Duration.ofSeconds(9))));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 501, 502, 504, 599})
  void serverErrorLeavesItOpenWhetherTheJobStarted(int status) {
    assertThat(read(status, "{\"id\":\"1\"}"))
        .isEqualTo(new Unclear(OptionalInt.of(status), "said " + status));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 199, 301, 304, 399, 600, 999})
  void otherStatusIsNonsense(int status) {
    assertThat(read(status, "{\"id\":\"1\"}"))
        .isEqualTo(
            new Invalid(
                OptionalInt.of(status),
                "The job server answered with status " + status,
                "{\"id\":\"1\"}"));
  }

  @ParameterizedTest
  @CsvSource({"2047,2047", "2048,2048", "2049,2048", "1000000,2048"})
  void excerptOfTheAnswerIsBounded(int length, int kept) {
    assertThat(read(400, "x".repeat(length))).isEqualTo(new Refused(400, "x".repeat(kept)));
  }

  @Test
  void bytesThatAreNoTextAreShownAsFarAsTheyGo() {
    byte[] body = {(byte) 0xff, 'n', 'o', (byte) 0xc3};

    assertThat(StartAnswer.read(400, Optional.empty(), body, NOW))
        .isEqualTo(new Refused(400, "\ufffdno\ufffd"));
  }

  private static StartOutcome read(int status, String body) {
    return StartAnswer.read(status, Optional.empty(), body.getBytes(UTF_8), NOW);
  }
}
