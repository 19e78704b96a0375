package io.asyncproxy.dispatch;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts without TLS, on Netty's own connections: a start is a third of what a job costs, and a
 * general client spends most of that on what starts do not need. The dispatcher makes no more
 * attempts at once than there may be connections, so that nothing waits here.
 */
final class PlainStarts implements Starts {
  private static final String CLOSED = "The connections to the job server are closed";

  private final Exchange.Terms terms;
  private final StartHeads heads;
  private final Bootstrap bootstrap;
  private final ArrayDeque<PlainConnection> idle = new ArrayDeque<>();
  private final Set<PlainConnection> open = new HashSet<>();
  private boolean tidying;
  private boolean closed;

  PlainStarts(Vertx vertx, Exchange.Terms terms) {
    this.terms = terms;
    this.heads = new StartHeads(terms.settings());
    this.bootstrap = bootstrap((VertxInternal) vertx);
  }

  private Bootstrap bootstrap(VertxInternal vertx) {
    int patience = (int) Math.min(Integer.MAX_VALUE, terms.settings().timeout().toMillis());
    return new Bootstrap()
        .group(((ContextInternal) terms.loop().context()).nettyEventLoop())
        .channelFactory(vertx.transport().channelFactory(false))
        .resolver(vertx.nameResolver().nettyAddressResolverGroup())
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, patience)
        .remoteAddress(terms.settings().url().getHost(), terms.settings().port())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                AnswerDecoder decoder = new AnswerDecoder();
                channel
                    .pipeline()
                    .addLast(decoder)
                    .addLast(new PlainConnection(PlainStarts.this, channel, decoder));
              }
            });
  }

  @Override
  public Future<StartOutcome> start(StartCall call) {
    if (closed) {
      throw new IllegalStateException(CLOSED);
    }
    Exchange exchange = new Exchange(call, terms);
    ByteBuf request;
    try {
      request = heads.request(call, PooledByteBufAllocator.DEFAULT);
    } catch (IllegalArgumentException unsendable) {
      exchange.unsendable();
      return exchange.outcome();
    } catch (OutOfMemoryError noRoom) { // outside the heap: it passes
      exchange.notConnected(noRoom);
      return exchange.outcome();
    }
    PlainConnection connection = takeIdle();
    if (connection != null) {
      connection.send(exchange, request);
    } else {
      connect(exchange, request);
    }
    return exchange.outcome();
  }

  /** The last used one, so that those that are too many grow old. */
  private @Nullable PlainConnection takeIdle() {
    long now = System.nanoTime();
    PlainConnection next = idle.pollLast();
    while (next != null && !next.isFresh(now)) {
      next.close();
      next = idle.pollLast();
    }
    return next;
  }

  private void connect(Exchange exchange, ByteBuf request) {
    ChannelFuture connecting = bootstrap.connect();
    if (connecting.cause() != null) { // as for lack of descriptors: listeners run elsewhere then
      request.release();
      exchange.notConnected(connecting.cause());
      return;
    }
    connecting.addListener(
        _ -> {
          if (!connecting.isSuccess()) {
            request.release();
            exchange.notConnected(connecting.cause());
          } else if (exchange.isOver() || closed) {
            request.release();
            connecting.channel().close();
            exchange.notConnected(new HttpClosedException(CLOSED));
          } else {
            PlainConnection connection = connecting.channel().pipeline().get(PlainConnection.class);
            open.add(connection);
            connection.send(exchange, request);
          }
        });
  }

  /** {@code connection} may be used again, for a while. */
  void idle(PlainConnection connection) {
    idle.addLast(connection);
    if (!tidying) {
      tidying = true;
      terms.loop().deadlines().in(LONGEST_IDLE, this::tidyUp);
    }
  }

  private void tidyUp() {
    long now = System.nanoTime();
    List<PlainConnection> old = idle.stream().filter(each -> !each.isFresh(now)).toList();
    idle.removeAll(old);
    old.forEach(PlainConnection::close);
    tidying = !idle.isEmpty();
    if (tidying) {
      terms.loop().deadlines().in(LONGEST_IDLE, this::tidyUp);
    }
  }

  /** {@code connection} has ended. */
  void gone(PlainConnection connection) {
    open.remove(connection);
    idle.remove(connection);
  }

  int maxAnswerBytes() {
    return terms.settings().maxAnswerBytes();
  }

  @Override
  public Future<Void> close() {
    Promise<Void> done = Promise.promise();
    terms
        .loop()
        .execute(
            () -> {
              closed = true;
              List.copyOf(open).forEach(PlainConnection::close);
              done.complete();
            });
    return done.future();
  }
}
