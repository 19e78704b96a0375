package io.asyncproxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** What has been answered on a connection and not been taken by its client. Of its event loop. */
final class Unsent {
  private Unsent() {}

  /** In bytes; what the kernel has taken counts as sent. */
  static long bytes(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
  }
}
