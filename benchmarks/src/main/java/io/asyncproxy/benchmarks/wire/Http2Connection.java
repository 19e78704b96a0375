package io.asyncproxy.benchmarks.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of {@link Http2Connections}. */
final class Http2Connection {
  /** Time for the server's SETTINGS, which say how many streams it takes. */
  private static final long SETTINGS_MILLIS = 100;

  private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
  private final String host;
  private @Nullable Http2StreamChannelBootstrap opener;
  private int active;

  Http2Connection(EventLoop loop, InetSocketAddress address) {
    this.host = address.getHostString() + ':' + address.getPort();
    new Bootstrap()
        .group(loop)
        .channel(EpollSocketChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                Http2Settings settings = Http2Settings.defaultSettings();
                channel
                    .pipeline()
                    .addLast(
                        Http2FrameCodecBuilder.forClient().initialSettings(settings).build(),
                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
              }
            })
        .connect(address)
        .addListener((ChannelFuture connected) -> connected(loop, connected));
  }

  private void connected(EventLoop loop, ChannelFuture connected) {
    if (!connected.isSuccess()) {
      waiting.forEach(exchange -> exchange.failed("connect: " + connected.cause()));
      active -= waiting.size();
      waiting.clear();
      return;
    }
    loop.schedule(() -> ready(connected.channel()), SETTINGS_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void ready(Channel channel) {
    Http2StreamChannelBootstrap ready = new Http2StreamChannelBootstrap(channel);
    opener = ready;
    waiting.forEach(exchange -> open(ready, exchange));
    waiting.clear();
  }

  int active() {
    return active;
  }

  void send(Exchange exchange) {
    active++;
    if (opener == null) {
      waiting.add(exchange);
    } else {
      open(opener, exchange);
    }
  }

  private void open(Http2StreamChannelBootstrap ready, Exchange exchange) {
    Http2Answer answer = new Http2Answer(exchange, () -> active--);
    ready
        .handler(answer)
        .open()
        .addListener(
            opened -> {
              if (opened.isSuccess()) {
                write((Http2StreamChannel) opened.getNow(), exchange, answer);
              } else {
                answer.fail("stream: " + opened.cause());
              }
            });
  }

  private void write(Http2StreamChannel stream, Exchange exchange, Http2Answer answer) {
    DefaultHttp2Headers headers = new DefaultHttp2Headers();
    headers.method("POST").scheme("http").authority(host).path(exchange.path());
    headers.add("content-type", "application/json");
    stream.write(new DefaultHttp2HeadersFrame(headers));
    stream
        .writeAndFlush(
            new DefaultHttp2DataFrame(
                ByteBufUtil.writeAscii(stream.alloc(), exchange.body()), true))
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                answer.fail("write: " + written.cause());
              }
            });
  }
}
