package io.asyncproxy.job;

import java.time.Instant;

/**
 * An attempt to start a job that did not simply succeed, as kept in the job's history.
 *
 * @param number counted from 1
 * @param at when its end was known
 * @param outcome how it ended: {@code refused}, {@code busy}, {@code unreachable}, {@code unclear},
 *     {@code invalid}
 * @param detail a sentence for people
 */
public record Attempt(int number, Instant at, String outcome, String detail) {

  /** The outcome of an attempt that may have started the job. */
  public static final String UNCLEAR = "unclear";
}
