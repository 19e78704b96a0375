package io.asyncproxy.delivery;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Tells addresses of the public Internet from all others (OWASP, "Server Side Request Forgery
 * Prevention"; IANA's special-purpose registries for IPv4 and IPv6, RFC 6890): pure.
 */
final class PublicAddress {
  private static final List<Block> IPV4 =
      List.of(
          Block.of("0.0.0.0", 8),
          Block.of("10.0.0.0", 8),
          Block.of("100.64.0.0", 10), // carriers' NAT
          Block.of("127.0.0.0", 8),
          Block.of("169.254.0.0", 16), // link-local, the clouds' metadata among it
          Block.of("172.16.0.0", 12),
          Block.of("192.0.0.0", 24),
          Block.of("192.0.2.0", 24),
          Block.of("192.88.99.0", 24), // 6to4 relays
          Block.of("192.168.0.0", 16),
          Block.of("198.18.0.0", 15),
          Block.of("198.51.100.0", 24),
          Block.of("203.0.113.0", 24),
          Block.of("224.0.0.0", 4),
          Block.of("240.0.0.0", 4));

  /** Only 2000::/3 is given out; of that, what leads elsewhere or nowhere. */
  private static final List<Block> GLOBAL_IPV6 = List.of(Block.of("2000::", 3));

  private static final List<Block> IPV6 =
      List.of(
          Block.of("2001::", 23), // Teredo, benchmarking, ORCHID
          Block.of("2001:db8::", 32),
          Block.of("2002::", 16), // 6to4: an IPv4 address inside
          Block.of("3fff::", 20));

  private PublicAddress() {}

  /** Whether {@code address} is one that anybody may be sent to. */
  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress(); // of a mapped IPv4 address the four that matter
    return address instanceof Inet4Address
        ? IPV4.stream().noneMatch(block -> block.has(bytes))
        : GLOBAL_IPV6.stream().anyMatch(block -> block.has(bytes))
            && IPV6.stream().noneMatch(block -> block.has(bytes));
  }

  private record Block(byte[] prefix, int bits) {
    static Block of(String address, int bits) {
      return new Block(InetAddress.ofLiteral(address).getAddress(), bits);
    }

    boolean has(byte[] address) {
      int whole = bits / 8;
      int rest = bits % 8;
      int mask = 0xFF << (8 - rest);
      return Arrays.equals(address, 0, whole, prefix, 0, whole)
          && (rest == 0 || (address[whole] & mask) == (prefix[whole] & mask));
    }
  }
}
