package io.asyncproxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * What has been answered on a connection and was not taken by its client: how far it is.
 *
 * @param message which one is being sent; 0 for none
 * @param sent how much of it the kernel has taken, in bytes
 */
record Unsent(int message, long sent) {
  private static final Unsent NOTHING = new Unsent(0, 0);

  /** Of {@code channel}, on its event loop. */
  static Unsent of(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null || buffer.isEmpty()
        ? NOTHING
        : new Unsent(System.identityHashCode(buffer.current()), buffer.currentProgress());
  }

  boolean isNothing() {
    return equals(NOTHING);
  }

  /** Closes without it: a close by Vert.x, or through its handlers, waits until it is taken. */
  static void drop(Channel channel) {
    channel.unsafe().close(channel.voidPromise());
  }
}
