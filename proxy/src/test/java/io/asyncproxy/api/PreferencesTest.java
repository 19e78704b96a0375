package io.asyncproxy.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header {@code Prefer} (RFC 7240). */
class PreferencesTest {

  @Test
  void nothingIsPreferredWithoutAHeader() {
    assertThat(Preferences.parse(List.of())).isEqualTo(new Preferences(false, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "respond-async",
        " Respond-Async ",
        "respond-async; x=1",
        "handling=lenient, respond-async",
        "respond-async,,",
        "respond-async, respond-async"
      })
  void respondAsyncIsFound(String header) {
    assertThat(parse(header)).isEqualTo(new Preferences(true, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "wait=0,0",
    "wait=5,5",
    "WAIT=5,5",
    "' wait = 5 ',5",
    "'wait=\"5\"',5",
    "wait=5;x=1,5",
    "'return=minimal, wait=5',5",
    "wait=007,7",
    "'wait=5, wait=6',5"
  })
  void waitIsFound(String header, long seconds) {
    assertThat(parse(header))
        .isEqualTo(new Preferences(false, Optional.of(Duration.ofSeconds(seconds))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait=999999999", "wait=2147483648", "wait=99999999999999999999"})
  void hugeWaitIsLongerThanAnyHold(String header) {
    assertThat(parse(header).waitFor().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofDays(365));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "=",
        "wait",
        "wait=",
        "wait=-1",
        "wait=+1",
        "wait=1.5",
        "wait=5s",
        "wait=\"5",
        "wait=\"",
        "wait=\"\"",
        "wait=\uff15",
        "wait=0x5",
        "await=5",
        "wait 5",
        "respond-async=no",
        "respond_async",
        "x; respond-async",
        "x; wait=5"
      })
  void malformedAndUnknownPreferencesAreIgnored(String header) {
    assertThat(parse(header)).isEqualTo(new Preferences(false, Optional.empty()));
  }

  @Test
  void allHeadersAreReadAndTheFirstWaitCounts() {
    assertThat(Preferences.parse(List.of("x", "wait=3", "respond-async, wait=4")))
        .isEqualTo(new Preferences(true, Optional.of(Duration.ofSeconds(3))));
  }

  @Test
  void appliedSaysWhatWasDone() {
    Duration held = Duration.ofSeconds(3);

    assertThat(parse("").applied(held, false)).isEmpty();
    assertThat(parse("wait=5").applied(held, false)).contains("wait=3");
    assertThat(parse("respond-async").applied(held, true)).contains("respond-async");
    assertThat(parse("respond-async").applied(held, false)).isEmpty();
    assertThat(parse("respond-async, wait=5").applied(held, true))
        .contains("respond-async, wait=3");
    assertThat(parse("respond-async, wait=5").applied(held, false)).contains("wait=3");
  }

  private static Preferences parse(String header) {
    return Preferences.parse(List.of(header));
  }

  @Test
  void whatStandsInQuotesIsNoPreference() {
    Preferences prefer = Preferences.parse(java.util.List.of("note=\"x, respond-async; wait=1\""));
    assertThat(prefer.respondAsync()).isFalse();
    assertThat(prefer.waitFor()).isEmpty();
  }

  @Test
  void emptyPreferencesAreIgnored() {
    for (String header : new String[] {";", ",", ";;,;", "", " ; wait=1"}) {
      assertThat(Preferences.parse(java.util.List.of(header)).waitFor()).isEmpty();
    }
  }
}
