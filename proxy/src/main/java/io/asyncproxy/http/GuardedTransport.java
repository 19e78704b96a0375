package io.asyncproxy.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The transport of Vert.x, and an {@link Admission} in front of each listener: the one seam at
 * which a connection is seen before Vert.x waits for its first request. Thread-safe.
 */
public final class GuardedTransport implements io.vertx.core.transport.Transport, Transport {
  /** How much is read at once: Netty's own way, but one for all connections instead of one each. */
  private static final AdaptiveRecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator();

  static {
    READS.maxMessagesPerRead(16); // as Netty gives a socket's own
  }

  private final Transport transport;
  private final String name;
  private final HttpLimits limits;
  private final int loops;
  private final List<Admission> listeners = new CopyOnWriteArrayList<>();

  private GuardedTransport(Transport transport, String name, HttpLimits limits, int loops) {
    this.transport = transport;
    this.name = name;
    this.limits = limits;
    this.loops = loops;
  }

  /** The machine's own transport where there is one, with the limits of so many event loops. */
  public static GuardedTransport over(HttpLimits limits, int loops) {
    io.vertx.core.transport.Transport own = io.vertx.core.transport.Transport.nativeTransport();
    io.vertx.core.transport.Transport used =
        own != null && own.available() ? own : io.vertx.core.transport.Transport.NIO;
    return new GuardedTransport(used.implementation(), used.name(), limits, loops);
  }

  /** How many connections all listeners have open, those without a request yet among them. */
  public int open() {
    return listeners.stream().mapToInt(Admission::open).sum();
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap listener) {
    transport.configure(config, domainSocket, listener);
    Admission admission = new Admission(limits, limits.connections() * loops);
    listeners.add(admission);
    listener.handler(admission);
    listener.childOption(ChannelOption.RECVBUF_ALLOCATOR, READS);
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, Bootstrap client) {
    transport.configure(config, domainSocket, client);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    transport.configure(channel, options);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean available() {
    return transport.isAvailable();
  }

  @Override
  public boolean isAvailable() {
    return transport.isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return transport.unavailabilityCause();
  }

  @Override
  public Transport implementation() {
    return this;
  }

  @Override
  public boolean supportsDomainSockets() {
    return transport.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return transport.supportFileRegion();
  }

  @Override
  public java.net.SocketAddress convert(SocketAddress address) {
    return transport.convert(address);
  }

  @Override
  public SocketAddress convert(java.net.SocketAddress address) {
    return transport.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return transport.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(
      int type, int threads, ThreadFactory threadFactory, int ioRatio) {
    return transport.eventLoopGroup(type, threads, threadFactory, ioRatio);
  }

  @Override
  @SuppressWarnings("deprecation") // Vert.x's own interface asks by it
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return transport.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return transport.datagramChannelFactory();
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return transport.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return transport.serverChannelFactory(domainSocket);
  }
}
