package io.asyncproxy.telemetry;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** What OpenTelemetry says to the JDK's own logging, a line each in ours. */
final class ExporterLog extends Handler {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(OtlpTracing.class);

  /** Held, since the JDK forgets loggers that nobody holds. */
  private static final Logger THEIRS = Logger.getLogger("io.opentelemetry");

  private ExporterLog() {}

  static void listen() {
    THEIRS.setUseParentHandlers(false);
    if (THEIRS.getHandlers().length == 0) {
      THEIRS.addHandler(new ExporterLog());
    }
  }

  @Override
  public void publish(LogRecord record) {
    if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
      Throwable cause = record.getThrown();
      LOG.warn(
          "Traces are lost, jobs are not: {}{}",
          record.getMessage().lines().findFirst().orElse(""),
          cause == null ? "" : " (" + cause + ")");
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
