package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What logging is before a command has set it up. */
class QuietStartTest {
  @Test
  void nothingIsPrintedAndNoFileIsLookedFor() throws Exception {
    LoggerContext context = new LoggerContext();
    new ContextInitializer(context).autoConfig();
    assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders()).isExhausted();
    assertThat(context.getStatusManager().getCopyOfStatusList())
        .noneMatch(status -> status.getMessage().contains("logback.xml"));
  }
}
