package io.asyncproxy.job;

import java.util.Optional;

/** How a job ended, as its clients are told. */
public sealed interface Outcome {

  /** A result came. */
  record Arrived(Result result) implements Outcome {}

  /** The job was given up. */
  record GivenUp(Failure failure) implements Outcome {}

  /** The job was called off. */
  record Cancelled() implements Outcome {}

  /** How {@code job} ended; empty while it is unfinished. */
  static Optional<Outcome> of(Job job) {
    return switch (job.state()) {
      case ACCEPTED, STARTING, RUNNING -> Optional.empty();
      case COMPLETED, FAILED -> job.result().map(Arrived::new);
      case CANCELLED -> Optional.of(new Cancelled());
      case GIVEN_UP, EXPIRED -> job.failure().map(GivenUp::new);
    };
  }

  /** How {@code change} ends a job; empty for a change that does not. */
  static Optional<Outcome> of(Change change) {
    return switch (change) {
      case Change.Finish finish -> Optional.of(new Arrived(finish.result()));
      case Change.GiveUp giveUp -> Optional.of(new GivenUp(giveUp.failure()));
      case Change.Expire expire -> Optional.of(new GivenUp(expire.failure()));
      case Change.Cancel _ -> Optional.of(new Cancelled());
      case Change.Start _,
          Change.Started _,
          Change.BackOff _,
          Change.Unclear _,
          Change.Overdue _,
          Change.Progressed _ ->
          Optional.empty();
    };
  }
}
