package io.asyncproxy.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * {@code results.json}, {@code report.md} and the charts of one folder. A result replaces the last
 * one of its experiment; the others stay, with the commits that they were measured at.
 */
public final class ResultsFolder {
  private final Path folder;

  /** The folder is made when something is added. */
  public ResultsFolder(Path folder) {
    this.folder = folder;
  }

  /** Writes all files anew, with this result in place of its experiment's last. */
  public void add(ExperimentResult result) throws IOException {
    Map<Topic, ExperimentResult> results = read();
    results.put(result.topic(), result);
    Files.createDirectories(folder);
    for (Charts.Drawn chart : Charts.of(result)) {
      Files.writeString(folder.resolve(chart.file()), chart.svg());
    }
    Files.writeString(folder.resolve("results.json"), ResultsJson.of(results));
    Files.writeString(folder.resolve("report.md"), ReportPage.of(results));
  }

  /** The last results; {@link IOException} where there are some that can't be read. */
  public Map<Topic, ExperimentResult> read() throws IOException {
    Path file = folder.resolve("results.json");
    return Files.exists(file)
        ? ResultsReader.read(Files.readString(file))
        : new EnumMap<>(Topic.class);
  }

  /** The tables of one result, for a terminal. */
  public static String text(ExperimentResult result) {
    Table wanted = Table.ofWanted(result);
    return Table.of(result).text()
        + (wanted.rows().isEmpty() ? "" : '\n' + wanted.text())
        + String.join("", result.notes().stream().map(note -> note + '\n').toList());
  }
}
