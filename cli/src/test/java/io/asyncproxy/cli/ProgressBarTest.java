package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  @Test
  void fullBarIsExactlyTheLineThatScriptsRelyOn() {
    assertThat(ProgressBar.render(50, 50, Duration.ofMillis(602)))
        .isEqualTo(
            "50 / 50 [==========================================================] 100.00 % 1s");
  }

  @Test
  void halfABarIsHalfFull() {
    assertThat(ProgressBar.render(5, 10, Duration.ofSeconds(7)))
        .isEqualTo(
            " 5 / 10 [=============================>----------------------------] 50.00 % 7s");
  }

  @Test
  void withoutATerminalOnlyTheLastStateIsPrinted() {
    StringWriter text = new StringWriter();
    ProgressBar bar = new ProgressBar(new PrintWriter(text), false, 3);
    for (int done = 0; done <= 3; done++) {
      bar.show(done);
    }
    assertThat(text.toString().lines()).hasSize(1);
  }
}
