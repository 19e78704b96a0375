package io.asyncproxy.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.asyncproxy.telemetry.PeerFaults;
import java.io.PrintStream;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Sets logging up: one line for each event, text for people or JSON for programs. */
final class Logging {
  private Logging() {}

  static void configure(Optional<String> format, String level, PrintStream target) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    boolean text = format.map("text"::equals).orElseGet(Terminal::isWatched);
    Layout<ILoggingEvent> layout = text ? new TextLayout() : new JsonLayout();
    layout.setContext(context);
    layout.start();

    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(target);
    appender.addFilter(new PeerFaults());
    appender.start();

    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context.getLogger("io.asyncproxy").setLevel(Level.toLevel(level));
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) ->
            LoggerFactory.getLogger(Logging.class)
                .error("Thread {} ended", thread.getName(), failure));
  }
}
