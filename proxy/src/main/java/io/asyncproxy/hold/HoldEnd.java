package io.asyncproxy.hold;

import io.asyncproxy.job.Outcome;

/** Why a held request is held no longer. */
public sealed interface HoldEnd {

  /** The job ended. */
  record Ended(Outcome outcome) implements HoldEnd {}

  /** The hold is over; the job goes on. */
  record TimedOut() implements HoldEnd {}

  /** This process stops; the job goes on. */
  record Draining() implements HoldEnd {}
}
