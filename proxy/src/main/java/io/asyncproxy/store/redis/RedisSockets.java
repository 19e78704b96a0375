package io.asyncproxy.store.redis;

import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.internal.net.NetClientInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.Metrics;
import java.time.Duration;

/**
 * A Vert.x whose connections send what one turn of their event loop wrote in one system call. The
 * Redis client flushes each command by itself; under load a turn has dozens of them, and Redis then
 * answers them in one go as well. Where there is one command, it is sent as soon as before.
 *
 * <p>One that is asked and says nothing is closed ({@link AnswerTimeout}).
 */
final class RedisSockets extends VertxWrapper {
  private static final int MOST_UNFLUSHED = 256;
  private static final long SILENT_MILLIS = 2_000;

  private RedisSockets(VertxInternal delegate) {
    super(delegate);
  }

  static Vertx of(Vertx vertx) {
    return new RedisSockets((VertxInternal) vertx);
  }

  @Override
  public NetClient createNetClient(NetClientOptions options) {
    return new Client((NetClientInternal) super.createNetClient(options));
  }

  private static NetSocket consolidated(NetSocket socket) {
    ((NetSocketInternal) socket)
        .channelHandlerContext()
        .pipeline()
        .addFirst(
            new AnswerTimeout(SILENT_MILLIS), new FlushConsolidationHandler(MOST_UNFLUSHED, true));
    return socket;
  }

  private record Client(NetClientInternal plain) implements NetClientInternal {
    @Override
    public void connectInternal(
        ConnectOptions options, Promise<NetSocket> connected, ContextInternal context) {
      Promise<NetSocket> made = context.promise();
      made.future().map(RedisSockets::consolidated).onComplete(connected);
      plain.connectInternal(options, made, context);
    }

    @Override
    public Future<NetSocket> connect(ConnectOptions options) {
      return plain.connect(options).map(RedisSockets::consolidated);
    }

    @Override
    public Future<NetSocket> connect(int port, String host) {
      return connect(SocketAddress.inetSocketAddress(port, host));
    }

    @Override
    public Future<NetSocket> connect(int port, String host, String serverName) {
      return connect(SocketAddress.inetSocketAddress(port, host), serverName);
    }

    @Override
    public Future<NetSocket> connect(SocketAddress address) {
      return connect(new ConnectOptions().setRemoteAddress(address));
    }

    @Override
    public Future<NetSocket> connect(SocketAddress address, String serverName) {
      return connect(new ConnectOptions().setRemoteAddress(address).setSniServerName(serverName));
    }

    @Override
    public Future<Boolean> updateSSLOptions(ClientSSLOptions options, boolean force) {
      return plain.updateSSLOptions(options, force);
    }

    @Override
    public Future<Void> shutdown(Duration timeout) {
      return plain.shutdown(timeout);
    }

    @Override
    public Future<Void> closeFuture() {
      return plain.closeFuture();
    }

    @Override
    public Metrics getMetrics() {
      return plain.getMetrics();
    }
  }
}
