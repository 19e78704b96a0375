package io.asyncproxy.job;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Unguessable bits, drawn in blocks because a draw costs more than its bits. Not thread-safe. */
public final class SecureBits implements RandomGenerator {
  private static final int BLOCK_BYTES = 1024;

  private final SecureRandom source = new SecureRandom();
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).limit(0);

  private SecureBits() {}

  /** A source of its own. */
  public static RandomGenerator create() {
    return new SecureBits();
  }

  @Override
  public long nextLong() {
    if (!block.hasRemaining()) {
      source.nextBytes(block.array());
      block.clear();
    }
    return block.getLong();
  }
}
