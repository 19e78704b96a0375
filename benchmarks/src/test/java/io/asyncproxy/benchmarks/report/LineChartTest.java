package io.asyncproxy.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.benchmarks.stats.Point;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class LineChartTest {
  private static String draw(boolean log, List<Point> points) {
    ChartSpec spec = new ChartSpec("m", "A < B & C", "x", "y", log, log);
    return LineChart.draw(spec, Map.of("file", points));
  }

  @Test
  void isWellFormedOnWhite() throws Exception {
    String svg = draw(false, List.of(new Point(500, 1), new Point(4_000, 12)));
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(1);
    assertThat(svg).contains("fill=\"#fff\"").contains("A &lt; B &amp; C").contains(">4,000<");
  }

  @Test
  void everyPointIsInside() {
    for (boolean log : new boolean[] {true, false}) {
      String svg =
          draw(log, List.of(new Point(1, 0.3), new Point(64, 7_777), new Point(1_024, 42)));
      String points = svg.substring(svg.indexOf("points=\"") + 8);
      for (String point : points.substring(0, points.indexOf('"')).split(" ")) {
        String[] place = point.split(",");
        assertThat(Double.parseDouble(place[0])).isBetween(78.0, 736.0);
        assertThat(Double.parseDouble(place[1])).isBetween(74.0, 364.0);
      }
    }
  }

  @Test
  void labelsDoNotTouch() {
    String svg =
        draw(false, List.of(new Point(5_000, 1), new Point(10_000, 2), new Point(200_000, 12)));
    assertThat(svg).contains(">50,000<").doesNotContain(">5,000<");
  }

  @Test
  void zerosHaveNoLogarithmAndAreDrawnAllTheSame() {
    assertThat(draw(true, List.of(new Point(1, 0), new Point(2, 0))))
        .doesNotContain("NaN")
        .doesNotContain("Infinity");
  }
}
