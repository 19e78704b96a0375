package io.asyncproxy.benchmarks.limit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/** Starts jobs, by idle connections of the client's own event loop. */
final class JobServerClient {
  private static final FastThreadLocal<ArrayDeque<Channel>> IDLE =
      new FastThreadLocal<>() {
        @Override
        protected ArrayDeque<Channel> initialValue() {
          return new ArrayDeque<>();
        }
      };

  private final InetSocketAddress jobServer;
  private final String host;

  JobServerClient(InetSocketAddress jobServer) {
    this.jobServer = jobServer;
    this.host = jobServer.getHostString() + ':' + jobServer.getPort();
  }

  void start(EventLoop loop, byte[] body, HeldRequest held) {
    Channel idle = IDLE.get().pollLast();
    if (idle != null) {
      send(idle, Unpooled.wrappedBuffer(body), held);
      return;
    }
    new Bootstrap()
        .group(loop)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new HttpClientCodec(), new StartHandler(host));
              }
            })
        .connect(jobServer)
        .addListener(
            (ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                send(connected.channel(), Unpooled.wrappedBuffer(body), held);
              } else {
                held.fail(HttpResponseStatus.BAD_GATEWAY);
              }
            });
  }

  private static void send(Channel channel, ByteBuf body, HeldRequest held) {
    channel.pipeline().get(StartHandler.class).send(channel, body, held);
  }

  static void idle(Channel channel) {
    IDLE.get().addLast(channel);
  }

  static void gone(Channel channel) {
    IDLE.get().remove(channel);
  }
}
