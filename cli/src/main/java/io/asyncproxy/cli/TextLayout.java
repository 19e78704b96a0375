package io.asyncproxy.cli;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.asyncproxy.telemetry.LoggedJob;

/** A log event as a line for people; where it is about a job whose trace is known, with that. */
final class TextLayout extends PatternLayout {
  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %msg%trace%n%ex{short}";

  TextLayout() {
    getInstanceConverterMap().put("trace", Trace::new);
    setPattern(PATTERN);
  }

  /** The trace of the job that the line is about. */
  static final class Trace extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
      return LoggedJob.of(event.getFormattedMessage())
          .flatMap(LoggedJob::traceId)
          .map(id -> " [trace " + id + "]")
          .orElse("");
    }
  }
}
