package io.asyncproxy.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.asyncproxy.telemetry.LoggedJob;
import io.vertx.core.json.JsonObject;

/**
 * A log event as a line of JSON: {@code time}, {@code level}, {@code message}, where from, and the
 * job and trace that it is about, where it is about one.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {
  @Override
  public String doLayout(ILoggingEvent event) {
    JsonObject line =
        new JsonObject()
            .put("time", event.getInstant().toString())
            .put("level", event.getLevel().toString().toLowerCase(java.util.Locale.ROOT))
            .put("message", event.getFormattedMessage())
            .put("logger", event.getLoggerName())
            .put("thread", event.getThreadName());
    LoggedJob.of(event.getFormattedMessage())
        .ifPresent(
            job -> {
              line.put("job", job.id());
              job.traceId().ifPresent(id -> line.put("trace_id", id));
            });
    if (event.getThrowableProxy() != null) {
      line.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.encode() + "\n";
  }
}
