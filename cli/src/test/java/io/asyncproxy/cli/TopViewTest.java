package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopViewTest {
  private static final JsonObject NODES =
      new JsonObject(
          "{\"items\":[{\"id\":\"n1\",\"state\":\"serving\",\"held\":1,\"started_at\":\"then\"}]}");

  private static String shown(String pace, String points, String accounts) {
    return new TopView(
            new JsonObject(
                """
                {"node":{"id":"n1","state":"serving"},
                 "now":{"at":"2026-01-01T12:34:56.789Z","held":1234,"held_max":15000,"in_flight":null,
                        "waiting":3,"dead_letters":2,"circuit":"half_open","pace":%s},
                 "points":%s,"accounts":%s}"""
                    .formatted(pace, points, accounts)),
            NODES)
        .text();
  }

  @Test
  void figuresOfNowAndTheLastMinute() {
    String point =
        """
        {"held":%d,"in_flight":1,"waiting":0,"accepted":%d,"ended":1,"failed":0,"added_p50":0.0012,
         "added_p99":null,"job_p50":0.5,"job_p99":2}""";
    String text =
        shown(
            "12.5",
            "[" + point.formatted(1, 10) + "," + point.formatted(2, 2000) + "]",
            "[{\"account\":\"busy\",\"waiting\":7}]");
    assertThat(text)
        .contains("node n1, serving, 12:34:56; breaker half open; pace 12.5/s")
        .contains("1,234 of 15,000", "unknown", "2,000.0/s", "1.2 ms", "2,000.0 ms")
        .contains("▄█")
        .containsPattern("busy +7")
        .containsPattern("added p99 +-");
  }

  @Test
  void nothingYet() {
    assertThat(shown("null", "[]", "[]")).contains("pace unlimited", "nobody waits", "n1");
  }

  @Test
  void sparklineIsAsHighAsItsLargestValue() {
    assertThat(Sparkline.of(List.of(0.0, 1.0, 4.0, 8.0))).isEqualTo(" ▁▄█");
    assertThat(Sparkline.of(List.of(0.0, 0.0))).isEqualTo("  ");
    assertThat(Sparkline.of(List.of())).isEmpty();
  }
}
