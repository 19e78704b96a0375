package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.report.Figure;
import io.asyncproxy.benchmarks.report.Series;
import java.util.List;

/** What an experiment found. */
public record Outcome(List<Figure> figures, List<Series> series, List<String> notes) {
  static Outcome of(List<Figure> figures, List<String> notes) {
    return new Outcome(figures, List.of(), notes);
  }
}
