package io.asyncproxy.benchmarks.simulator;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A simulated job server on one event loop: answers {@code POST /start} at once and posts the
 * result to the callback URL later. {@code GET /stats} tells what it saw, {@code POST /release}
 * sends callbacks that wait for it.
 */
public final class Simulator implements AutoCloseable {
  private static final int BACKLOG = 4_096;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final SimulatorStats stats = new SimulatorStats();
  private final Channel listener;

  /** Starts to listen. */
  public Simulator(SimulatorOptions options) {
    Callbacks callbacks = new Callbacks(group.next(), options, stats);
    Starts starts = new Starts(options, stats, callbacks);
    listener =
        new ServerBootstrap()
            .group(group)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    starts.serve(channel);
                  }
                })
            .bind("127.0.0.1", options.port())
            .syncUninterruptibly()
            .channel();
  }

  /** Where it listens. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** What it saw so far. */
  public SimulatorStats stats() {
    return stats;
  }

  void awaitEnd() {
    listener.closeFuture().syncUninterruptibly();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
