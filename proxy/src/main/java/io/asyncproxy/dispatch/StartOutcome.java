package io.asyncproxy.dispatch;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How one attempt to start a job ended. Everything that follows is decided by {@link NextStep}. */
public sealed interface StartOutcome {

  /** The job runs; the job server may have said what it calls it. */
  record Accepted(Optional<String> jobServerId) implements StartOutcome {}

  /** The job is over already: the answer is its result. */
  record Finished(Result result) implements StartOutcome {}

  /** The job server said no (4xx other than 429): final, the client's to mend. */
  record Refused(int status, String body) implements StartOutcome {}

  /** Surely not started (429, 503): later again. */
  record Busy(int status, Optional<Duration> retryAfter) implements StartOutcome {}

  /** Surely not started: there was no connection to send it on. */
  record Unreachable(String reason) implements StartOutcome {}

  /** May have started: no complete answer, or an error (5xx other than 503). */
  record Unclear(OptionalInt status, String reason) implements StartOutcome {}

  /** An answer that makes no sense. */
  record Invalid(OptionalInt status, String reason, String body) implements StartOutcome {}

  /**
   * Whether the job server failed, as the circuit breaker counts it. Saying no, and asking to be
   * spared for a while, is no failure.
   */
  default boolean isFailure() {
    return switch (this) {
      case Accepted _, Finished _, Refused _ -> false;
      case Busy(int status, Optional<Duration> retryAfter) -> status != 429 && retryAfter.isEmpty();
      case Unreachable _, Unclear _, Invalid _ -> true;
    };
  }

  /** The label of an attempt that started its job. */
  String ACCEPTED = "accepted";

  /** Every name that {@link #label} gives. */
  static List<String> labels() {
    return List.of(ACCEPTED, "refused", "busy", "unreachable", Attempt.UNCLEAR, "invalid");
  }

  /** More about it, for people; empty where there is nothing to say. */
  default String detail() {
    return switch (this) {
      case Accepted _, Finished _ -> "";
      case Refused(int status, String _) -> "status " + status;
      case Busy(int status, Optional<Duration> _) -> "status " + status;
      case Unreachable(String reason) -> reason;
      case Unclear(OptionalInt _, String reason) -> reason;
      case Invalid(OptionalInt _, String reason, String _) -> reason;
    };
  }

  /** The name of the outcome, as metrics and histories show it. */
  default String label() {
    return switch (this) {
      case Accepted _, Finished _ -> ACCEPTED;
      case Refused _ -> "refused";
      case Busy _ -> "busy";
      case Unreachable _ -> "unreachable";
      case Unclear _ -> Attempt.UNCLEAR;
      case Invalid _ -> "invalid";
    };
  }
}
