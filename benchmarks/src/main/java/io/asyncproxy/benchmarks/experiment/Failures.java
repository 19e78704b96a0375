package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Requests without their result, where there should be none: they are told, not hidden. */
final class Failures {
  private final Map<String, Map<String, Integer>> byPlace = new LinkedHashMap<>();

  void add(String place, Tally tally) {
    Map<String, Integer> errors = byPlace.computeIfAbsent(place, _ -> new TreeMap<>());
    tally.errors().forEach((kind, count) -> errors.merge(kind, count, Integer::sum));
    if (tally.completed() == 0) {
      errors.merge("a window without any result, left out", 1, Integer::sum);
    }
    if (tally.crossed() > 0) {
      errors.merge("CROSSED: the result of another job", (int) tally.crossed(), Integer::sum);
    }
  }

  List<String> notes() {
    List<String> notes = new ArrayList<>();
    byPlace.forEach(
        (place, errors) -> {
          if (!errors.isEmpty()) {
            notes.add(place + ": requests without a result: " + errors);
          }
        });
    return notes;
  }
}
