package io.asyncproxy.job;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why a job was given up.
 *
 * @param reason the kind of failure
 * @param upstreamStatus the job server's last HTTP status, where it gave one
 * @param retryAfterSeconds how long the job server asked to be left alone
 * @param detail a sentence for people; holds no secrets and nothing of the request
 * @param payload the job server's own answer, cut to a few kilobytes, for inspection
 */
public record Failure(
    Reason reason,
    OptionalInt upstreamStatus,
    OptionalInt retryAfterSeconds,
    String detail,
    Optional<String> payload) {

  /** A failure of which there is no more to say than a sentence. */
  public Failure(Reason reason, String detail) {
    this(reason, OptionalInt.empty(), OptionalInt.empty(), detail, Optional.empty());
  }

  /** The kinds of failure, as dead letters are grouped by. */
  public enum Reason {
    /** The job server said no (4xx). */
    REFUSED(true),
    /** The job server failed (5xx other than 503): it may have started the job. */
    SERVER_ERROR(false),
    /** The job server's answer was no answer to a start. */
    INVALID(false),
    /** The job server could not be connected to. */
    UNREACHABLE(true),
    /** The job server was too busy (429, 503) at every attempt. */
    BUSY(true),
    /** Expired before an attempt got through. */
    NOT_STARTED(true),
    /** Expired after an attempt that ended without an answer. */
    UNCLEAR(false),
    /** Expired while running: the callback never came. */
    NO_CALLBACK(false);

    private final boolean surelyNotStarted;

    Reason(boolean surelyNotStarted) {
      this.surelyNotStarted = surelyNotStarted;
    }

    /** Whether repeating the request can't run the job twice; its idempotency key is then free. */
    public boolean surelyNotStarted() {
      return surelyNotStarted;
    }

    /** The name that clients and operators see. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The reason called {@code label}. */
    public static Optional<Reason> labelled(String label) {
      for (Reason reason : values()) {
        if (reason.label().equals(label)) {
          return Optional.of(reason);
        }
      }
      return Optional.empty();
    }
  }
}
