package io.asyncproxy.benchmarks.limit;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Clients that wait, by the token in their job's callback URL. Thread-safe. */
final class HeldRequests {
  private final ConcurrentMap<String, HeldRequest> byToken = new ConcurrentHashMap<>();

  HeldRequest hold(ChannelHandlerContext client) {
    String token = Long.toHexString(ThreadLocalRandom.current().nextLong());
    HeldRequest held = new HeldRequest(this, client, token);
    byToken.put(token, held);
    held.scheduleTimeout();
    return held;
  }

  @Nullable HeldRequest take(String token) {
    return byToken.remove(token);
  }
}
