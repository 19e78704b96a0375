package io.asyncproxy.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportPageTest {
  private final String page = ReportPage.of(Map.of(Topic.LATENCY, Examples.latency("abc123")));

  @Test
  void showsMediansAndRangesByRate() {
    assertThat(page)
        .contains("|  | jobs/s | p50, ms | p99, ms |")
        .contains("| file | 500 | 0.50 (0.25 to 0.75) | 11 (5.50 to 16.5) |")
        .contains("| file | 2,000 | 2 (1 to 3) | 11 (5.50 to 16.5) |");
  }

  @Test
  void putsWhatWasWantedBesideWhatWasMeasured() {
    assertThat(page)
        .contains("| file, 2,000 jobs/s: p50 | ≤ 2 ms | 2 ms | reached |")
        .contains("| file, 2,000 jobs/s: p99 | ≤ 10 ms | 11 ms | **NOT reached** |");
  }

  @Test
  void tellsWhatWasLeftOutAndWhereItComesFrom() {
    assertThat(page)
        .contains("- redis: skipped, redis-server is not on the PATH")
        .contains("`benchmarks/run latency` at commit abc123, 2026-11-27T10:00:00Z");
  }

  @Test
  void linksTheChartsThatAreThere() {
    assertThat(page)
        .contains("![Median latency by rate](latency-p50.svg)")
        .contains("(latency-p99.svg)");
  }

  @Test
  void aTerminalGetsTheSameWithoutMarkup() {
    assertThat(ResultsFolder.text(Examples.latency("abc123")))
        .contains("file   2,000    2 (1 to 3)")
        .contains("NOT reached")
        .doesNotContain("*");
  }
}
