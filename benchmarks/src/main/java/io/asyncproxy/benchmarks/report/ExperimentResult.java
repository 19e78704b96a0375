package io.asyncproxy.benchmarks.report;

import java.util.List;

/**
 * What came out of one experiment.
 *
 * @param figures the table
 * @param series what is drawn besides
 * @param notes what was left out, what failed
 */
public record ExperimentResult(
    Topic topic,
    Provenance provenance,
    List<Figure> figures,
    List<Series> series,
    List<String> notes) {
  /** Copies its lists. */
  public ExperimentResult {
    figures = List.copyOf(figures);
    series = List.copyOf(series);
    notes = List.copyOf(notes);
  }

  /** Whether every figure is as wanted. */
  public boolean isReached() {
    return figures.stream()
        .allMatch(
            figure -> figure.wanted().map(wanted -> wanted.isReached(figure.value())).orElse(true));
  }
}
