package io.asyncproxy.benchmarks.limit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The same protocol by hand on Netty's epoll: in memory, without validation, retry, durability or
 * metrics. What the proxy's CPU per job is measured against. Client and server share the event
 * loops, one for each processor.
 */
public final class Limit implements AutoCloseable {
  private static final int BACKLOG = 4_096;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());
  private final Channel listener;

  /** Starts to listen on 127.0.0.1; port 0 takes a free one. */
  public Limit(int port, int jobServerPort) {
    HeldRequests held = new HeldRequests();
    JobServerClient client =
        new JobServerClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), jobServerPort));
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
                    int own = ((InetSocketAddress) channel.localAddress()).getPort();
                    channel
                        .pipeline()
                        .addLast(new HttpServerCodec(), new LimitHandler(held, client, own));
                  }
                })
            .bind("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
  }

  /** Where it listens. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  void awaitEnd() {
    listener.closeFuture().syncUninterruptibly();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
