package io.asyncproxy.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code report.md}: pure, from results alone. */
final class ReportPage {
  private ReportPage() {}

  static String of(Map<Topic, ExperimentResult> results) {
    StringBuilder page =
        new StringBuilder(
            """
            # Benchmarks

            Written by `benchmarks/run`; [results.json](results.json) has every window. Figures are medians of the windows, with their
            range. "limit" is the same protocol written by hand on Netty, in memory, without validation, retry, durability or metrics.
            """);
    results.values().forEach(result -> page.append(section(result)));
    return page.toString();
  }

  private static String section(ExperimentResult result) {
    Topic topic = result.topic();
    List<String> parts = new ArrayList<>();
    parts.add("## " + topic.title() + "\n");
    parts.add(topic.method() + '\n');
    Table wanted = Table.ofWanted(result);
    if (!wanted.rows().isEmpty()) {
      parts.add(wanted.markdown());
    }
    parts.add(Table.of(result).markdown());
    if (!result.notes().isEmpty()) {
      parts.add(
          String.join("\n", result.notes().stream().map(note -> "- " + note).toList()) + '\n');
    }
    Charts.of(result)
        .forEach(chart -> parts.add("![%s](%s)\n".formatted(chart.title(), chart.file())));
    parts.add(provenance(result.provenance()));
    return '\n' + String.join("\n", parts);
  }

  private static String provenance(Provenance from) {
    return """
    `%s` at commit %s, %s; %s; Java %s, %s.
    """
        .formatted(
            from.command(), from.commit(), from.date(), from.timing(), from.java(), from.machine());
  }
}
