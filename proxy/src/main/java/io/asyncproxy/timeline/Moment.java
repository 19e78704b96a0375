package io.asyncproxy.timeline;

import io.asyncproxy.job.JobId;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Something that happened to a job.
 *
 * @param job whose it is
 * @param at when it was over; of a callback, when it came
 * @param event what it was
 * @param attempt which attempt to start the job it belongs to; 0 for none
 * @param outcome how it ended; empty where there is only one way
 * @param millis how long it took; -1 where that is not known
 * @param detail more about it, for people
 * @param node the node that it happened at; empty where that is not known
 */
public record Moment(
    JobId job,
    Instant at,
    Event event,
    int attempt,
    String outcome,
    long millis,
    String detail,
    String node) {

  /** What can happen. */
  public enum Event {
    /** It was taken from a client. */
    ACCEPTED,
    /** An attempt to start it ended. */
    ATTEMPT,
    /** The job server said that it goes on. */
    PROGRESS,
    /** Something came for it from the job server. */
    CALLBACK,
    /** Its callback was found to be late. */
    OVERDUE,
    /** It came to its end. */
    ENDED,
    /** A client who waited for it was answered, or left. */
    ANSWER,
    /** Its result was sent to the client's own URL. */
    DELIVERY,
    /** It was found to be due, and looked after. */
    SWEEP;

    /** As it is shown. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** How long it took. */
  public OptionalLong took() {
    return millis < 0 ? OptionalLong.empty() : OptionalLong.of(millis);
  }

  /** Which attempt it belongs to. */
  public OptionalInt ofAttempt() {
    return attempt == 0 ? OptionalInt.empty() : OptionalInt.of(attempt);
  }

  /** Whether {@code other} tells the same thing. */
  boolean tells(Moment other) {
    return event == other.event && attempt == other.attempt && outcome.equals(other.outcome);
  }
}
