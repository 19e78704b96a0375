package io.asyncproxy.headers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Retry-After} in both of its forms (RFC 9110, section 10.2.3). */
class RetryAfterTest {
  private static final Instant NOW = Instant.parse("1994-11-06T08:49:37Z");

  @Test
  void absentHeaderSaysNothing() {
    assertThat(RetryAfter.parse(Optional.empty(), NOW)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "120,120", "007,7", "' 5 ',5", "86400,86400"})
  void secondsAreTakenAsTheyAre(String header, long seconds) {
    assertThat(parse(header)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({
    "'Sun, 06 Nov 1994 08:49:37 GMT',0",
    "'Sun, 06 Nov 1994 08:50:37 GMT',60",
    "'Mon, 07 Nov 1994 08:49:37 GMT',86400",
    "' Sun, 06 Nov 1994 09:49:37 GMT ',3600"
  })
  void dateCountsFromNow(String header, long seconds) {
    assertThat(parse(header)).contains(Duration.ofSeconds(seconds));
  }

  @Test
  void dateThatIsOverMeansNow() {
    assertThat(parse("Sun, 06 Nov 1994 08:49:36 GMT")).contains(Duration.ZERO);
    assertThat(parse("Thu, 01 Jan 1970 00:00:00 GMT")).contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "86401",
        "2147483648",
        "9223372036854775808",
        "99999999999999999999999999999999",
        "Tue, 08 Nov 1994 08:49:37 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT"
      })
  void nobodyIsMadeToWaitForMoreThanADay(String header) {
    assertThat(parse(header)).contains(Duration.ofDays(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+1",
        "1.5",
        "1s",
        "0x10",
        "1,2",
        "soon",
        "\uff15",
        "Sun, 06 Nov 1994",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z"
      })
  void nonsenseIsIgnored(String header) {
    assertThat(parse(header)).isEmpty();
  }

  private static Optional<Duration> parse(String header) {
    return RetryAfter.parse(Optional.of(header), NOW);
  }
}
