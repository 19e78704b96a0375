package io.asyncproxy.hold;

import io.asyncproxy.job.Outcome;

/** Why a held request is held no longer. */
public sealed interface HoldEnd {
  /** The label of a hold that got what it waited for. */
  String ANSWERED = "answered";

  /** The label of a hold whose client has gone. */
  String CLIENT_LEFT = "client_left";

  /** The job ended. */
  record Ended(Outcome outcome) implements HoldEnd {}

  /** The hold is over; the job goes on. */
  record TimedOut() implements HoldEnd {}

  /** This process stops; the job goes on. */
  record Draining() implements HoldEnd {}

  /** As it is shown. */
  default String label() {
    return switch (this) {
      case Ended _ -> ANSWERED;
      case TimedOut _ -> "timed_out";
      case Draining _ -> "draining";
    };
  }
}
