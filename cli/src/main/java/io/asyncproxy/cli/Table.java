package io.asyncproxy.cli;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows under a heading, in columns as wide as what is in them. What peers have sent may hold
 * characters that terminals obey ({@link Terminal#oneLine}).
 */
record Table(List<String> heading, List<List<String>> rows) {
  private static final int GAP = 2;

  Table {
    rows = rows.stream().map(row -> row.stream().map(Terminal::oneLine).toList()).toList();
  }

  String text() {
    int[] widths = IntStream.range(0, heading.size()).map(column -> width(column)).toArray();
    StringBuilder text = new StringBuilder();
    append(text, heading, widths);
    rows.forEach(row -> append(text, row, widths));
    return text.toString();
  }

  private int width(int column) {
    int widest = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    return Math.max(widest, heading.get(column).length());
  }

  private static void append(StringBuilder text, List<String> row, int[] widths) {
    int start = text.length();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      text.append(cell).append(" ".repeat(widths[column] - cell.length() + GAP));
    }
    int end = text.length();
    while (end > start && text.charAt(end - 1) == ' ') {
      end--;
    }
    text.setLength(end);
    text.append(System.lineSeparator());
  }
}
