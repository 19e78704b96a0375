package io.asyncproxy.benchmarks.wire;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * HTTP/2 with prior knowledge over plain TCP (RFC 9113, section 3.3): as many connections as the
 * streams of one ask for.
 */
public final class Http2Connections implements Transport {
  private final EventLoop loop;
  private final InetSocketAddress address;
  private final int streams;
  private final List<Http2Connection> connections = new ArrayList<>();

  /** At most {@code streams} exchanges at once on each connection. */
  public Http2Connections(EventLoop loop, InetSocketAddress address, int streams) {
    this.loop = loop;
    this.address = address;
    this.streams = streams;
  }

  @Override
  public void send(Exchange exchange) {
    withRoom().send(exchange);
  }

  private Http2Connection withRoom() {
    for (Http2Connection connection : connections.reversed()) { // the newest has room, if any has
      if (connection.active() < streams) {
        return connection;
      }
    }
    Http2Connection connection = new Http2Connection(loop, address);
    connections.add(connection);
    return connection;
  }
}
