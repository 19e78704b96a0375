package io.asyncproxy.route;

import java.util.List;
import java.util.Optional;

/**
 * What an API's own states mean.
 *
 * @param at where the state is; without a place every message is a result
 * @param completed states that mean done; where none are named, all that are nothing else
 * @param failed states that mean failed
 * @param progress states that mean going on
 */
public record StateRule(
    Optional<Location> at, List<String> completed, List<String> failed, List<String> progress) {

  /** Any message is a result. */
  public static final StateRule ANY =
      new StateRule(Optional.empty(), List.of(), List.of(), List.of());

  /** What a message says. */
  public enum Meaning {
    /** Here is the result. */
    COMPLETED,
    /** The job failed. */
    FAILED,
    /** The job goes on: there is no result yet. */
    PROGRESS
  }

  /**
   * What {@code message} says. A state that nobody named is no result where those that are were
   * named: a job that waits is looked after, one that was ended wrongly is not.
   */
  public Meaning of(Message message) {
    if (at.isEmpty()) {
      return Meaning.COMPLETED;
    }
    String state = message.text(at.get()).orElse("");
    if (isAmong(failed, state)) {
      return Meaning.FAILED;
    }
    if (isAmong(completed, state)) {
      return Meaning.COMPLETED;
    }
    if (isAmong(progress, state) || !completed.isEmpty()) {
      return Meaning.PROGRESS;
    }
    return Meaning.COMPLETED;
  }

  /**
   * Whether {@code message} has a state. A {@code null} is one where those that mean done are
   * named: there is no outcome yet.
   */
  boolean isNamedIn(Message message) {
    return at.filter(
            place ->
                message.text(place).isPresent() || (!completed.isEmpty() && message.isNull(place)))
        .isPresent();
  }

  /** {@code 2*} is every state that begins with 2. */
  private static boolean isAmong(List<String> states, String state) {
    return states.stream()
        .anyMatch(
            known ->
                known.endsWith("*")
                    ? state.startsWith(known.substring(0, known.length() - 1)) && !state.isEmpty()
                    : known.equals(state));
  }
}
