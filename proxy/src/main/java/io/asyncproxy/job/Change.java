package io.asyncproxy.job;

import java.time.Instant;
import java.util.Optional;

/**
 * One move of one job, with all that it writes. A store applies it atomically if the job is in one
 * of the {@link #transition}'s states and {@link #fence} fits, and not at all otherwise.
 */
public sealed interface Change {

  /** The move. */
  Transition transition();

  /** The number of the attempt that the job must be at; empty where that doesn't matter. */
  default Optional<Integer> fence() {
    return Optional.empty();
  }

  /** When the job has to be looked at again; for a finished job, when it is forgotten. */
  Instant wakeAt();

  /**
   * Attempt number {@code attempt} is about to be sent; only one of several contenders gets it.
   *
   * @param attempt counted from 1
   * @param at now
   * @param wakeAt when the attempt counts as lost if nothing more is heard of it
   */
  record Start(int attempt, Instant at, Instant wakeAt) implements Change {
    @Override
    public Transition transition() {
      return Transition.START;
    }

    @Override
    public Optional<Integer> fence() {
      return Optional.of(attempt - 1);
    }
  }

  /** The job server accepted the attempt; {@code jobServerId} is its name for the job. */
  record Started(int attempt, Optional<String> jobServerId, Instant wakeAt) implements Change {
    @Override
    public Transition transition() {
      return Transition.STARTED;
    }

    @Override
    public Optional<Integer> fence() {
      return Optional.of(attempt);
    }
  }

  /** The attempt surely did not start the job; the next one is due at {@code wakeAt}. */
  record BackOff(Attempt ended, Instant wakeAt) implements Change {
    @Override
    public Transition transition() {
      return Transition.BACK_OFF;
    }

    @Override
    public Optional<Integer> fence() {
      return Optional.of(ended.number());
    }
  }

  /** The attempt may have started the job; {@code wakeAt} is the next one's time, or the end. */
  record Unclear(Attempt ended, Instant wakeAt) implements Change {
    @Override
    public Transition transition() {
      return Transition.UNCLEAR;
    }

    @Override
    public Optional<Integer> fence() {
      return Optional.of(ended.number());
    }
  }

  /** The callback is late; {@code noted} says what was found, {@code wakeAt} when to look again. */
  record Overdue(Attempt noted, Instant wakeAt) implements Change {
    @Override
    public Transition transition() {
      return Transition.OVERDUE;
    }

    @Override
    public Optional<Integer> fence() {
      return Optional.of(noted.number());
    }
  }

  /**
   * The job server says how far the job is: so it runs, whatever became of the start's answer.
   *
   * @param jobServerId what it calls the job; kept where that is not known yet
   */
  record Progressed(Progress progress, Optional<String> jobServerId, Instant wakeAt)
      implements Change {
    @Override
    public Transition transition() {
      return Transition.PROGRESS;
    }
  }

  /** No further attempt is made. */
  record GiveUp(Attempt ended, Failure failure, Instant at, Instant wakeAt) implements Change {
    @Override
    public Transition transition() {
      return Transition.GIVE_UP;
    }

    @Override
    public Optional<Integer> fence() {
      return Optional.of(ended.number());
    }
  }

  /**
   * A result came, in time or late.
   *
   * @param jobServerId what the callback calls the job; kept where the start's answer did not say
   */
  record Finish(Result result, Optional<String> jobServerId, Instant at, Instant wakeAt)
      implements Change {

    /** A result that names no job. */
    public Finish(Result result, Instant at, Instant wakeAt) {
      this(result, Optional.empty(), at, wakeAt);
    }

    @Override
    public Transition transition() {
      return result.failed() ? Transition.FAIL : Transition.COMPLETE;
    }
  }

  /**
   * The job's time is over, as it was seen at {@code attempt}: should an attempt have begun since,
   * the reason would be wrong, and the job's key free although it may run.
   */
  record Expire(int attempt, Failure failure, Instant at, Instant wakeAt) implements Change {
    @Override
    public Transition transition() {
      return Transition.EXPIRE;
    }

    @Override
    public Optional<Integer> fence() {
      return Optional.of(attempt);
    }
  }

  /** Somebody called the job off. */
  record Cancel(Instant at, Instant wakeAt) implements Change {
    @Override
    public Transition transition() {
      return Transition.CANCEL;
    }
  }
}
