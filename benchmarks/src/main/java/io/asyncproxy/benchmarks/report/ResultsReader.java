package io.asyncproxy.benchmarks.report;

import io.asyncproxy.benchmarks.stats.Point;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Reads what {@link ResultsJson} wrote. Experiments that are not known any more are left out. */
final class ResultsReader {
  private ResultsReader() {}

  static Map<Topic, ExperimentResult> read(String text) throws IOException {
    Map<Topic, ExperimentResult> results = new EnumMap<>(Topic.class);
    JsonTree.parse(text)
        .members()
        .forEach(
            (label, member) -> {
              Optional<Topic> topic = Topic.named(label);
              if (topic.isPresent() && member instanceof JsonTree tree) {
                results.put(topic.get(), result(topic.get(), tree));
              }
            });
    return results;
  }

  private static ExperimentResult result(Topic topic, JsonTree tree) {
    Provenance from =
        new Provenance(
            tree.text("commit"),
            tree.text("command"),
            tree.text("date"),
            tree.text("java"),
            tree.text("machine"),
            tree.text("timing"));
    return new ExperimentResult(
        topic,
        from,
        tree.objects("figures").stream().map(ResultsReader::figure).toList(),
        tree.objects("series").stream().map(ResultsReader::series).toList(),
        tree.texts("notes"));
  }

  private static Figure figure(JsonTree tree) {
    return new Figure(
        tree.text("side"),
        tree.has("at") ? OptionalDouble.of(tree.number("at")) : OptionalDouble.empty(),
        tree.text("metric"),
        tree.text("unit"),
        tree.numbers("windows"),
        wanted(tree));
  }

  private static Optional<Wanted> wanted(JsonTree tree) {
    if (tree.has("wanted_at_most")) {
      return Optional.of(Wanted.atMost(tree.number("wanted_at_most")));
    }
    return tree.has("wanted_at_least")
        ? Optional.of(Wanted.atLeast(tree.number("wanted_at_least")))
        : Optional.empty();
  }

  private static Series series(JsonTree tree) {
    List<Double> x = tree.numbers("x");
    List<Double> y = tree.numbers("y");
    List<Point> points =
        IntStream.range(0, Math.min(x.size(), y.size()))
            .mapToObj(i -> new Point(x.get(i), y.get(i)))
            .toList();
    return new Series(tree.text("side"), tree.text("metric"), tree.text("unit"), points);
  }
}
