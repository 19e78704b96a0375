package io.asyncproxy.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;

/**
 * Keeps out of the log what libraries say of connections that begin with nonsense: each is closed,
 * nothing is to be done, and whoever can connect could fill the log.
 */
public final class PeerFaults extends Filter<ILoggingEvent> {
  /** Of Vert.x: says of a connection that isn't ours to handle yet what was wrong with it. */
  private static final String CONNECTIONS = "io.vertx.core.net.impl.ConnectionBase";

  /** Of Netty: says what a listener threw, which Vert.x 5.2 does for such a connection. */
  private static final String LISTENERS = "io.netty.util.concurrent.DefaultPromise";

  private static final String HTTP_2 = "io.vertx.core.http.impl.http2.codec.";

  @Override
  public FilterReply decide(ILoggingEvent event) {
    return switch (event.getLoggerName()) {
      case CONNECTIONS -> FilterReply.DENY;
      case LISTENERS ->
          isOfHttp2(event.getThrowableProxy()) ? FilterReply.DENY : FilterReply.NEUTRAL;
      default -> FilterReply.NEUTRAL;
    };
  }

  private static boolean isOfHttp2(@Nullable IThrowableProxy failure) {
    StackTraceElementProxy[] frames =
        failure == null ? new StackTraceElementProxy[0] : failure.getStackTraceElementProxyArray();
    return frames.length > 0 && frames[0].getStackTraceElement().getClassName().startsWith(HTTP_2);
  }
}
