package io.asyncproxy.admin;

import io.asyncproxy.http.Problem;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.store.Note;
import io.asyncproxy.telemetry.LiveSeries;
import io.vertx.core.MultiMap;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The query parameters of lists; each is optional, and 400 where it makes no sense. */
final class Query {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MOST = 1_000;
  private static final int DEFAULT_POINTS = 60;

  private final MultiMap parameters;

  Query(MultiMap parameters) {
    this.parameters = parameters;
  }

  private Optional<String> get(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(text -> !text.isEmpty());
  }

  Optional<String> account() {
    return get("account");
  }

  Set<JobState> states() {
    return get("state").map(Query::states).orElse(EnumSet.allOf(JobState.class));
  }

  private static Set<JobState> states(String label) {
    Set<JobState> states = JobState.labelled(label);
    if (states.isEmpty()) {
      throw bad("state", label, "a job's state, such as running or failed");
    }
    return states;
  }

  /** The kind of dead letters that are no jobs, where that is asked for. */
  Optional<Note.Kind> stray() {
    return get("reason").flatMap(StrayLetters::kind);
  }

  Optional<Failure.Reason> reason() {
    return get("reason")
        .filter(label -> StrayLetters.kind(label).isEmpty())
        .map(
            label ->
                Failure.Reason.labelled(label)
                    .orElseThrow(() -> bad("reason", label, "a reason, such as refused or busy")));
  }

  Optional<JobId> cursor() {
    return get("cursor")
        .map(
            text ->
                JobId.parse(text)
                    .orElseThrow(() -> bad("cursor", text, "the cursor of the page before")));
  }

  int limit() {
    return number("limit", DEFAULT_LIMIT, MOST);
  }

  /** How many seconds are shown. */
  int points() {
    return number("points", DEFAULT_POINTS, LiveSeries.MOST);
  }

  private int number(String name, int otherwise, int most) {
    Optional<String> text = get(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (text.get().matches("[0-9]{1,4}")) {
      int number = Integer.parseInt(text.get());
      if (number >= 1 && number <= most) {
        return number;
      }
    }
    throw bad(name, text.get(), "a number from 1 to " + most);
  }

  private static RuntimeException bad(String name, String value, String allowed) {
    String shown = value.length() > 100 ? value.substring(0, 100) : value;
    return Problem.of(400, "Invalid %s = %s: must be %s".formatted(name, shown, allowed))
        .exception();
  }
}
