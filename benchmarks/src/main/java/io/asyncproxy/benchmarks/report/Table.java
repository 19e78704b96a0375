package io.asyncproxy.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Figures as a table: a row for each side and place, a column for each metric. */
record Table(List<String> head, List<List<String>> rows) {
  private record Row(String side, OptionalDouble at) {}

  static Table of(ExperimentResult result) {
    List<Figure> figures = result.figures();
    List<String> columns = figures.stream().map(Figure::column).distinct().toList();
    List<Row> keys = figures.stream().map(Table::row).distinct().toList();
    boolean places = keys.stream().anyMatch(key -> key.at.isPresent());
    List<String> head = new ArrayList<>(List.of(""));
    if (places) {
      head.add(result.topic().at());
    }
    head.addAll(columns);
    return new Table(head, keys.stream().map(key -> cells(key, places, columns, figures)).toList());
  }

  private static Row row(Figure figure) {
    return new Row(figure.side(), figure.at());
  }

  private static List<String> cells(
      Row key, boolean places, List<String> columns, List<Figure> figures) {
    List<String> cells = new ArrayList<>(List.of(key.side));
    if (places) {
      cells.add(key.at.isPresent() ? Numbers.format(key.at.getAsDouble()) : "");
    }
    for (String column : columns) {
      cells.add(
          figures.stream()
              .filter(figure -> row(figure).equals(key) && figure.column().equals(column))
              .map(Table::cell)
              .collect(Collectors.joining()));
    }
    return cells;
  }

  private static String cell(Figure figure) {
    String value = Numbers.format(figure.value());
    return figure.windows().size() == 1
        ? value
        : "%s (%s to %s)"
            .formatted(value, Numbers.format(figure.least()), Numbers.format(figure.most()));
  }

  /** What was wanted beside what was measured; empty where nothing was. */
  static Table ofWanted(ExperimentResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (Figure figure : result.figures()) {
      figure.wanted().ifPresent(wanted -> rows.add(wantedRow(result.topic(), figure, wanted)));
    }
    return new Table(List.of("", "wanted", "measured", ""), rows);
  }

  private static List<String> wantedRow(Topic topic, Figure figure, Wanted wanted) {
    String at =
        figure.at().isPresent()
            ? ", " + Numbers.format(figure.at().getAsDouble()) + ' ' + topic.at()
            : "";
    String unit = figure.unit().isEmpty() ? "" : ' ' + figure.unit();
    return List.of(
        figure.side() + at + ": " + figure.metric(),
        (wanted.atMost() ? "≤ " : "≥ ") + Numbers.format(wanted.limit()) + unit,
        Numbers.format(figure.value()) + unit,
        wanted.isReached(figure.value()) ? "reached" : "**NOT reached**");
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(line(head)).append(line(head.stream().map(_ -> "---").toList()));
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /** In columns of a terminal. */
  String text() {
    List<Integer> widths =
        IntStream.range(0, head.size())
            .mapToObj(
                column ->
                    IntStream.concat(
                            IntStream.of(head.get(column).length()),
                            rows.stream().mapToInt(row -> row.get(column).length()))
                        .max()
                        .orElse(0))
            .toList();
    StringBuilder text = new StringBuilder(padded(head, widths));
    rows.forEach(row -> text.append(padded(row, widths)));
    return text.toString().replace("*", "");
  }

  private static String padded(List<String> cells, List<Integer> widths) {
    return IntStream.range(0, cells.size())
            .mapToObj(i -> cells.get(i) + " ".repeat(widths.get(i) - cells.get(i).length()))
            .collect(Collectors.joining("   "))
            .stripTrailing()
        + '\n';
  }
}
