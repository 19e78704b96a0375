package io.asyncproxy.http;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many connections each remote address has open. Of IPv6 addresses the first 64 bits count,
 * which are one subscriber's (RFC 6177). Thread-safe; an address without connections is forgotten.
 */
final class RemoteAddresses {
  private static final int PREFIX_BYTES = 8;

  private final int most;
  private final ConcurrentHashMap<ByteBuffer, Integer> open = new ConcurrentHashMap<>();

  /** At most {@code most} connections for each. */
  RemoteAddresses(int most) {
    this.most = most;
  }

  /** Counts a connection; false, and not counted, where its address has as many as it may. */
  boolean enter(SocketAddress remote) {
    boolean[] entered = {false};
    open.compute(
        key(remote),
        (_, known) -> {
          int count = known == null ? 0 : known;
          entered[0] = count < most;
          return entered[0] ? Integer.valueOf(count + 1) : known;
        });
    return entered[0];
  }

  /** A connection that was counted is closed. */
  void leave(SocketAddress remote) {
    open.computeIfPresent(key(remote), (_, count) -> count == 1 ? null : count - 1);
  }

  /** Nothing for what has no address. */
  private static ByteBuffer key(SocketAddress remote) {
    if (!(remote instanceof InetSocketAddress internet) || internet.getAddress() == null) {
      return ByteBuffer.allocate(0);
    }
    byte[] bytes = internet.getAddress().getAddress();
    boolean six = internet.getAddress() instanceof Inet6Address;
    return ByteBuffer.wrap(bytes, 0, six ? PREFIX_BYTES : bytes.length);
  }
}
