package io.asyncproxy.job;

import java.time.Instant;

/**
 * An attempt to start a job that did not simply succeed, or what was noted of it later, as kept in
 * the job's history.
 *
 * @param number counted from 1
 * @param at when its end was known
 * @param outcome how it ended: {@code refused}, {@code busy}, {@code unreachable}, {@code unclear},
 *     {@code invalid}, {@code not_sent}; or {@code overdue}, {@code asked}
 * @param detail a sentence for people
 */
public record Attempt(int number, Instant at, String outcome, String detail) {

  /** Not the end of an attempt, but what was noted when its callback did not come in time. */
  public static final String OVERDUE = "overdue";

  /** What was noted when the job server was asked for the job. */
  public static final String ASKED = "asked";

  /** How a running job is noted that has a result which could not be fetched yet. */
  public static final String DONE = "done";

  /** The outcome of an attempt that was not made, as its beginning may not have been durable. */
  public static final String NOT_SENT = "not_sent";

  /** The outcome of an attempt that may have started the job. */
  public static final String UNCLEAR = "unclear";
}
