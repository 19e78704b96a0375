package io.asyncproxy.job;

import java.time.Instant;
import java.util.Arrays;

/**
 * The last thing that was heard of a job before its end. Immutable.
 *
 * @param at when it was heard
 * @param body what was said, byte for byte; {@link #LONGEST} at most
 */
public record Progress(Instant at, byte[] body) {
  /** More is cut off, so that a job that reports often costs little. */
  public static final int LONGEST = 4_096;

  /** Progress of which only the beginning is kept. */
  public static Progress of(Instant at, byte[] body) {
    return new Progress(at, body.length <= LONGEST ? body : Arrays.copyOf(body, LONGEST));
  }
}
