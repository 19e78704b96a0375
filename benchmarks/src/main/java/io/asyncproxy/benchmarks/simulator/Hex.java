package io.asyncproxy.benchmarks.simulator;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Random hexadecimal digits. */
final class Hex {
  private static final String DIGITS = "0123456789abcdef";

  private Hex() {}

  static String digits(int count) {
    byte[] text = new byte[count];
    long bits = 0;
    for (int i = 0; i < count; i++) {
      bits = i % 16 == 0 ? ThreadLocalRandom.current().nextLong() : bits >>> 4;
      text[i] = (byte) DIGITS.charAt((int) bits & 15);
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
