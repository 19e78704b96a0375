package io.asyncproxy.benchmarks.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects windows of figures, in the order in which they first come. */
public final class Figures {
  private final Map<FigureKey, List<Double>> windows = new LinkedHashMap<>();
  private final Map<FigureKey, Wanted> wanted = new HashMap<>();

  /** One more window; left out where it has no number, as the latency of no answers. */
  public void add(FigureKey key, double value) {
    if (Double.isFinite(value)) {
      windows.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
    }
  }

  /** What it should be. */
  public void want(FigureKey key, Wanted limit) {
    wanted.put(key, limit);
  }

  /** All that have a value. */
  public List<Figure> list() {
    return windows.entrySet().stream()
        .map(entry -> figure(entry.getKey(), entry.getValue()))
        .toList();
  }

  private Figure figure(FigureKey key, List<Double> values) {
    Optional<Wanted> limit = Optional.ofNullable(wanted.get(key));
    return new Figure(key.side(), key.at(), key.metric(), key.unit(), values, limit);
  }
}
