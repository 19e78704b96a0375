package io.asyncproxy.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, level 1, sections 3.2 and 4.3. */
class TraceContextTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void validOneIsReadAndWrittenAsItWas() {
    TraceContext trace = TraceContext.parse(PARENT, "a=1,b=2").orElseThrow();
    assertThat(trace.parent()).isEqualTo(PARENT);
    assertThat(trace.isSampled()).isTrue();
    assertThat(trace.state()).isEqualTo("a=1,b=2");
    assertThat(TraceContext.ofText(trace.text())).contains(trace);
    TraceContext stateless = TraceContext.parse(PARENT, null).orElseThrow();
    assertThat(TraceContext.ofText(stateless.text())).contains(stateless);
    assertThat(TraceContext.ofText(null)).isEmpty();
  }

  @Test
  void laterVersionsAreReadAsFarAsTheyAreKnown() {
    Optional<TraceContext> later = TraceContext.parse("cc" + PARENT.substring(2) + "-more", null);
    assertThat(later.map(TraceContext::parent)).contains(PARENT);
  }

  @Test
  void onlyTheLastBitSaysThatItIsRecorded() {
    assertThat(TraceContext.parse(PARENT.replace("-01", "-02"), null))
        .get()
        .extracting(TraceContext::isSampled)
        .isEqualTo(false);
  }

  @Test
  void stateThatCannotBePassedOnIsLeftOut() {
    assertThat(TraceContext.parse(PARENT, "a=" + "x".repeat(600)).orElseThrow().state()).isEmpty();
    assertThat(TraceContext.parse(PARENT, "a=1\n").orElseThrow().state()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
      })
  void whatIsNoneIsNone(String text) {
    assertThat(TraceContext.parse(text, null)).isEmpty();
  }
}
