package io.asyncproxy.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Keeps out of the log what libraries say of connections that begin with nonsense: each is closed,
 * nothing is to be done, and whoever can connect could fill the log.
 */
public final class PeerFaults extends Filter<ILoggingEvent> {
  /** Of Vert.x: says of a connection that isn't ours to handle yet what was wrong with it. */
  private static final String CONNECTIONS = "io.vertx.core.net.impl.ConnectionBase";

  /** Of Netty: says what a listener threw, which Vert.x 5.2 does for such a connection. */
  private static final String LISTENERS = "io.netty.util.concurrent.DefaultPromise";

  private static final String HTTP_2 = "io.netty.handler.codec.http2.";

  @Override
  public FilterReply decide(ILoggingEvent event) {
    return switch (event.getLoggerName()) {
      case CONNECTIONS -> FilterReply.DENY;
      case LISTENERS -> decide(event.getFormattedMessage().contains(HTTP_2));
      default -> FilterReply.NEUTRAL;
    };
  }

  private static FilterReply decide(boolean ofHttp2) {
    return ofHttp2 ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
