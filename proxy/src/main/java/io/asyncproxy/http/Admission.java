package io.asyncproxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who may connect to one listener. Vert.x tells of a connection only when its first request is
 * there; this knows it from the moment it is accepted, and so bounds those that never send one: in
 * number, for each address, and in time. Thread-safe.
 */
final class Admission extends ChannelInboundHandlerAdapter {
  private final HttpLimits limits;
  private final int most;
  private final RemoteAddresses addresses;
  private final AtomicInteger open = new AtomicInteger();

  /** Those without a request yet, in the order in which they came. Guarded by itself. */
  private final Set<Channel> arriving = new LinkedHashSet<>();

  /** At most {@code most} connections in all; beyond it the eldest without a request yet goes. */
  Admission(HttpLimits limits, int most) {
    this.limits = limits;
    this.most = most;
    this.addresses = new RemoteAddresses(limits.perAddress());
  }

  /** A listener has accepted a connection, which belongs to no event loop yet. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    if (!(accepted instanceof Channel channel)) {
      ReferenceCountUtil.release(accepted);
      return;
    }
    SocketAddress remote = channel.remoteAddress();
    if (!addresses.enter(remote)) {
      channel.unsafe().closeForcibly();
      return;
    }
    open.incrementAndGet();
    channel.closeFuture().addListener(_ -> closed(channel, remote));
    arrives(channel).ifPresent(Channel::close);
    channel.pipeline().addLast(new FirstRequest(limits.arrival(), this));
    context.fireChannelRead(channel);
  }

  /** The one that has to go for {@code channel}. */
  private Optional<Channel> arrives(Channel channel) {
    synchronized (arriving) {
      Optional<Channel> eldest = Optional.empty();
      if (open.get() > most) {
        Iterator<Channel> all = arriving.iterator();
        eldest = all.hasNext() ? Optional.of(all.next()) : Optional.empty();
        eldest.ifPresent(arriving::remove);
      }
      arriving.add(channel);
      return eldest;
    }
  }

  /** The first request of {@code channel} is there. */
  void arrived(Channel channel) {
    synchronized (arriving) {
      arriving.remove(channel);
    }
  }

  private void closed(Channel channel, SocketAddress remote) {
    arrived(channel);
    open.decrementAndGet();
    addresses.leave(remote);
  }

  /** How many connections are open. */
  int open() {
    return open.get();
  }
}
