package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineChartTest {
  private static List<String> lines(String timeline) {
    return TimelineChart.of(new JsonArray(timeline)).text().lines().toList();
  }

  @Test
  void eachMomentHasABarWhereAndAsLongAsItWas() {
    List<String> lines =
        lines(
            """
            [{"at":"2026-01-01T00:00:00.000Z","event":"accepted"},
             {"at":"2026-01-01T00:00:00.500Z","event":"attempt","attempt":1,"outcome":"busy",
              "took_ms":500,"node":"n1","detail":"status 429"},
             {"at":"2026-01-01T00:00:01.000Z","event":"callback","outcome":"stored"}]""");
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("TIME").contains("EVENT", "TOOK", "NODE", "DETAIL");
    assertThat(lines.get(1)).startsWith("+0.000 s  █·····").endsWith("accepted");
    assertThat(lines.get(2))
        .startsWith("+0.500 s  " + "█".repeat(18) + "·".repeat(18))
        .containsSubsequence("attempt 1: busy", "500 ms", "n1", "status 429");
    assertThat(lines.get(3)).contains("·█  callback: stored");
  }

  @Test
  void allAtOnceAndNothingAtAll() {
    assertThat(lines("[{\"at\":\"2026-01-01T00:00:00Z\",\"event\":\"accepted\"}]"))
        .last()
        .asString()
        .startsWith("+0.000 s  █");
    assertThat(lines("[]")).isEmpty();
  }
}
