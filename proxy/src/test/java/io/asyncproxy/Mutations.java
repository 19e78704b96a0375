package io.asyncproxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Random;

/** Inputs that are almost right: valid ones with a few bytes changed, cut, doubled or spliced. */
public final class Mutations {
  private static final String[] ODDITIES = {
    "\r\n",
    "\n",
    "\r",
    "\0",
    " ",
    "\t",
    "\r\n ",
    ":",
    ",",
    ";",
    "=",
    "\"",
    "\\",
    "%",
    "/",
    "{",
    "}",
    "[",
    "[[[[[[[[",
    "]",
    "-",
    "+",
    "0",
    "-1",
    "9999999999999999999",
    "1e999",
    "0x",
    "\u00ff",
    "\u00c0\u0080",
    "\u00ed\u00a0\u0080",
    "\u00ef\u00bb\u00bf",
    "chunked",
    "Transfer-Encoding: chunked\r\n",
    "Content-Length: 5\r\n",
    "Content-Length: 0\r\n",
    "Expect: 100-continue\r\n",
    "0\r\n\r\n",
    "Connection: close\r\n",
    "Upgrade: h2c\r\n",
    "HTTP/1.1",
    "HTTP/1.0",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "null",
    "true",
    "\"account\":",
    "\\ud800",
    "\\u0000"
  };

  private final Random random;

  public Mutations(long seed) {
    this.random = new Random(seed);
  }

  /** One of {@code seeds}, changed in one to four places; now and then bytes at random. */
  public byte[] next(List<byte[]> seeds) {
    if (random.nextInt(25) == 0) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] input = seeds.get(random.nextInt(seeds.size()));
    for (int changes = random.nextInt(4); changes >= 0; changes--) {
      input = changed(input, seeds);
    }
    return input;
  }

  /** The same as text, of which each character is a byte. */
  public String nextText(List<byte[]> seeds) {
    return new String(next(seeds), ISO_8859_1);
  }

  private byte[] changed(byte[] input, List<byte[]> seeds) {
    int at = random.nextInt(input.length + 1);
    int to = Math.min(input.length, at + random.nextInt(12));
    return switch (random.nextInt(8)) {
      case 0 ->
          spliced(
              input, at, new byte[] {(byte) random.nextInt(256)}, Math.min(input.length, at + 1));
      case 1 -> spliced(input, at, new byte[0], to);
      case 2 ->
          spliced(input, at, ODDITIES[random.nextInt(ODDITIES.length)].getBytes(ISO_8859_1), at);
      case 3 ->
          spliced(input, at, ODDITIES[random.nextInt(ODDITIES.length)].getBytes(ISO_8859_1), to);
      case 4 -> spliced(input, at, java.util.Arrays.copyOfRange(input, at, to), at);
      case 5 -> spliced(input, at, new byte[0], random.nextInt(8) == 0 ? input.length : at);
      case 6 -> spliced(input, at, "x".repeat(1 << random.nextInt(14)).getBytes(ISO_8859_1), at);
      default -> {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int from = random.nextInt(other.length + 1);
        byte[] tail = java.util.Arrays.copyOfRange(other, from, other.length);
        yield spliced(input, at, tail, input.length);
      }
    };
  }

  /** {@code input} with what is between {@code from} and {@code to} replaced. */
  private static byte[] spliced(byte[] input, int from, byte[] with, int to) {
    byte[] result = new byte[from + with.length + input.length - to];
    System.arraycopy(input, 0, result, 0, from);
    System.arraycopy(with, 0, result, from, with.length);
    System.arraycopy(input, to, result, from + with.length, input.length - to);
    return result;
  }
}
