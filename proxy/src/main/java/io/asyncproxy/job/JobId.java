package io.asyncproxy.job;

import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * A job's id: a UUID of version 7 (RFC 9562, section 5.7), so that ids sort by the time of
 * creation. 74 of its bits are random; drawn from a secure source they can't be guessed.
 *
 * @param high the 48-bit Unix time in milliseconds, the version, 12 random bits
 * @param low the variant, 62 random bits
 */
public record JobId(long high, long low) implements Comparable<JobId> {

  /** A new id for a job created at {@code epochMillis}. */
  public static JobId create(long epochMillis, RandomGenerator random) {
    long bits = random.nextLong();
    long high = (epochMillis << 16) | 0x7000L | (bits & 0x0FFFL);
    long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
    return new JobId(high, low);
  }

  /**
   * A new id for a job with an idempotency key: its last byte follows from the key, so that a store
   * of several parts keeps the key and its job in the same one.
   */
  public static JobId create(long epochMillis, RandomGenerator random, IdempotencyKey key) {
    JobId id = create(epochMillis, random);
    return new JobId(id.high, (id.low & ~0xFFL) | key.part());
  }

  /** Which of 256 parts of a store the job belongs to. */
  public int part() {
    return (int) (low & 0xFF);
  }

  /** Reads the canonical form that {@link #toString} gives; any other spelling is empty. */
  public static Optional<JobId> parse(String text) {
    if (text.length() != 36) {
      return Optional.empty();
    }
    try {
      UUID uuid = UUID.fromString(text);
      JobId id = new JobId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
      return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException notAnId) {
      return Optional.empty();
    }
  }

  /** When the job was created, in milliseconds since 1970. */
  public long createdMillis() {
    return high >>> 16;
  }

  @Override
  public int compareTo(JobId other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(low ^ high);
  }

  @Override
  public String toString() {
    return new UUID(high, low).toString();
  }
}
