package io.asyncproxy.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFolderTest {
  @TempDir Path temporary;

  @Test
  void anExperimentReplacesItsLastResultAndKeepsTheOthers() throws IOException {
    Path folder = temporary.resolve("made/by/it");
    ResultsFolder results = new ResultsFolder(folder);
    results.add(Examples.endurance("first"));
    results.add(Examples.latency("second"));
    results.add(Examples.latency("third"));

    assertThat(folder.resolve("report.md"))
        .content()
        .contains("at commit first")
        .contains("at commit third")
        .doesNotContain("second")
        .containsSubsequence("## Latency", "## Endurance");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "results.json",
              "report.md",
              "latency-p50.svg",
              "latency-p99.svg",
              "endurance-live-heap.svg");
    }
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Map<Topic, ExperimentResult> results = new EnumMap<>(Topic.class);
    results.put(Topic.LATENCY, Examples.latency("abc"));
    results.put(Topic.ENDURANCE, Examples.endurance("def"));

    assertThat(ResultsReader.read(ResultsJson.of(results))).isEqualTo(results);
  }

  @Test
  void anExperimentOfAnotherVersionIsLeftOut() throws IOException {
    assertThat(ResultsReader.read("{\"teleportation\":{\"commit\":\"abc\",\"figures\":[]}}"))
        .isEmpty();
  }
}
