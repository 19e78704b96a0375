package io.asyncproxy.benchmarks.report;

import io.asyncproxy.benchmarks.stats.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The charts of a result: only those that have something to show. */
final class Charts {
  /** A drawn chart. */
  record Drawn(String file, String title, String svg) {}

  private Charts() {}

  static List<Drawn> of(ExperimentResult result) {
    List<Drawn> drawn = new ArrayList<>();
    for (ChartSpec spec : ChartSpec.of(result.topic())) {
      Map<String, List<Point>> lines = lines(result, spec.metric());
      if (lines.values().stream().anyMatch(points -> points.size() > 1)) {
        drawn.add(new Drawn(spec.file(result.topic()), spec.title(), LineChart.draw(spec, lines)));
      }
    }
    return drawn;
  }

  private static Map<String, List<Point>> lines(ExperimentResult result, String metric) {
    Map<String, List<Point>> lines = new LinkedHashMap<>();
    for (Figure figure : result.figures()) {
      if (figure.metric().equals(metric) && figure.at().isPresent()) {
        lines
            .computeIfAbsent(figure.side(), _ -> new ArrayList<>())
            .add(new Point(figure.at().getAsDouble(), figure.value()));
      }
    }
    for (Series series : result.series()) {
      if (series.metric().equals(metric)) {
        lines.computeIfAbsent(series.side(), _ -> new ArrayList<>()).addAll(series.points());
      }
    }
    return lines;
  }
}
