package io.asyncproxy.benchmarks.report;

import io.asyncproxy.benchmarks.stats.Point;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A chart of lines as SVG, on white, so that it is as legible on a dark page. The same numbers give
 * the same bytes on every machine, with whatever fonts.
 */
@SuppressWarnings("AnnotateFormatMethod") // that annotation is not among the dependencies
final class LineChart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 420;
  private static final int LEFT = 78;
  private static final int RIGHT = 30;
  private static final int TOP = 74;
  private static final int BOTTOM = 56;
  private static final int MARKED = 40;

  /** Okabe and Ito: told apart by people who are colour-blind as well. */
  private static final Map<String, String> COLOURS =
      Map.of("limit", "#555555", "memory", "#0072B2", "file", "#D55E00", "redis", "#009E73");

  private static final List<String> OTHERS = List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7");

  private final Axis x;
  private final Axis y;
  private final StringBuilder svg = new StringBuilder();

  private LineChart(ChartSpec spec, Map<String, List<Point>> lines) {
    x = Axis.horizontal(all(lines, Point::x), spec.logX());
    y = Axis.vertical(all(lines, Point::y), spec.logY());
  }

  private static List<Double> all(Map<String, List<Point>> lines, ToDoubleFunction<Point> value) {
    return lines.values().stream()
        .flatMap(List::stream)
        .map(point -> value.applyAsDouble(point))
        .toList();
  }

  static String draw(ChartSpec spec, Map<String, List<Point>> lines) {
    LineChart chart = new LineChart(spec, lines);
    chart.frame(spec);
    int number = 0;
    double legend = LEFT;
    for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
      String colour = COLOURS.getOrDefault(line.getKey(), OTHERS.get(number++ % OTHERS.size()));
      chart.line(line.getValue(), colour);
      chart.legend(line.getKey(), colour, legend);
      legend += 50 + 8.5 * line.getKey().length();
    }
    return chart.svg.append("</svg>\n").toString();
  }

  private void frame(ChartSpec spec) {
    add(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="system-ui, sans-serif" font-size="13" fill="#222">
        <rect width="100%%" height="100%%" fill="#fff"/>
        """,
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    add(
        "<text x=\"%d\" y=\"28\" font-size=\"17\" font-weight=\"600\">%s</text>\n",
        LEFT, escaped(spec.title()));
    for (double tick : y.ticks()) {
      add("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>\n", LEFT, py(tick), WIDTH - RIGHT);
      text(LEFT - 8, py(tick) + 4.5, "end", Numbers.format(tick));
    }
    for (double tick : x.ticks()) {
      add("<path d=\"M%.1f %dv5\" stroke=\"#222\"/>\n", px(tick), HEIGHT - BOTTOM);
      text(px(tick), HEIGHT - BOTTOM + 20, "middle", Numbers.format(tick));
    }
    add("<path d=\"M%d %dH%d\" stroke=\"#222\"/>\n", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT);
    text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", scaled(spec.x(), x));
    add(
        "<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
        (TOP + HEIGHT - BOTTOM) / 2, escaped(scaled(spec.y(), y)));
  }

  private static String scaled(String label, Axis axis) {
    return axis.log() ? label + " (logarithmic)" : label;
  }

  private void line(List<Point> points, String colour) {
    String path =
        points.stream()
            .map(point -> format("%.1f,%.1f", px(point.x()), py(point.y())))
            .collect(Collectors.joining(" "));
    add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", path, colour);
    if (points.size() <= MARKED) {
      points.forEach(
          point ->
              add(
                  "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>\n",
                  px(point.x()), py(point.y()), colour));
    }
  }

  private void legend(String name, String colour, double at) {
    add("<path d=\"M%.1f 48h22\" stroke=\"%s\" stroke-width=\"3\"/>\n", at, colour);
    text(at + 28, 52.5, "start", name);
  }

  private double px(double value) {
    return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private double py(double value) {
    return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM);
  }

  private void text(double left, double base, String anchor, String text) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
        left, base, anchor, escaped(text));
  }

  private void add(String format, Object... values) {
    svg.append(format(format, values));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
