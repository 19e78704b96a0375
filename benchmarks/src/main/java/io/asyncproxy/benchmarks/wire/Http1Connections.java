package io.asyncproxy.benchmarks.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Keep-alive HTTP/1.1 connections to one authority, one exchange per connection at a time.
 * Exchanges beyond the most connections queue, first come, first served.
 */
public final class Http1Connections implements Transport {
  /** Of one local address: half of Linux' ephemeral ports. */
  private static final int PER_ADDRESS = 14_000;

  private final String host;
  private final InetSocketAddress address;
  private final int most;
  private final long timeoutNanos;
  private final Bootstrap bootstrap;
  private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
  private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
  private final Set<Http1Connection> busy = new HashSet<>();
  private int connections;

  /** No connection is made before one is needed. */
  public Http1Connections(EventLoop loop, InetSocketAddress address, int most, Duration timeout) {
    this.host = address.getHostString() + ':' + address.getPort();
    this.address = address;
    this.most = most;
    this.timeoutNanos = timeout.toNanos();
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    Http1Connection connection =
                        new Http1Connection(Http1Connections.this, channel);
                    channel.pipeline().addLast(new HttpFrames(), connection);
                  }
                });
    loop.scheduleAtFixedRate(this::failOverdue, 1, 1, TimeUnit.SECONDS);
  }

  @Override
  public void send(Exchange exchange) {
    Http1Connection connection = idle.pollLast();
    if (connection != null) {
      begin(connection, exchange);
      return;
    }
    waiting.add(exchange);
    if (connections < most && connections - busy.size() - idle.size() < waiting.size()) {
      connect();
    }
  }

  String host() {
    return host;
  }

  private void begin(Http1Connection connection, Exchange exchange) {
    busy.add(connection);
    connection.begin(exchange);
  }

  private void connect() {
    int number = connections++;
    InetSocketAddress local = new InetSocketAddress("127.0.0." + (1 + number / PER_ADDRESS), 0);
    ChannelFuture connecting =
        most > PER_ADDRESS ? bootstrap.connect(address, local) : bootstrap.connect(address);
    connecting.addListener((ChannelFuture connected) -> connected(connected));
  }

  private void connected(ChannelFuture connected) {
    if (connected.isSuccess()) {
      release(connected.channel().pipeline().get(Http1Connection.class));
      return;
    }
    connections--;
    Exchange exchange = waiting.poll();
    if (exchange != null) {
      exchange.failed("connect: " + connected.cause());
    }
  }

  /** The connection has no exchange any more and can take the next. */
  void release(Http1Connection connection) {
    busy.remove(connection);
    if (!connection.isOpen()) {
      return;
    }
    Exchange next = waiting.poll();
    if (next != null) {
      begin(connection, next);
    } else {
      idle.addLast(connection);
    }
  }

  /** The connection ended; what waits gets another. */
  void gone(Http1Connection connection) {
    connections--;
    busy.remove(connection);
    idle.remove(connection);
    if (!waiting.isEmpty() && connections < most) {
      connect();
    }
  }

  private void failOverdue() {
    long now = System.nanoTime();
    for (Http1Connection connection : busy.toArray(Http1Connection[]::new)) {
      connection.failIfBegunBefore(now - timeoutNanos);
    }
  }
}
