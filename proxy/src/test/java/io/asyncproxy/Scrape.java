package io.asyncproxy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one look at {@code /metrics} showed.
 *
 * @param at when
 * @param text all of it; empty where nobody answered
 * @param values by series, such as {@code asyncproxy_jobs_total{state="completed"}}
 * @param types by name: counter, gauge, histogram, summary
 */
record Scrape(Instant at, String text, Map<String, Double> values, Map<String, String> types) {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*(?:\\{.*})?) (\\S+)");
  private static final Pattern PART = Pattern.compile("_(bucket|count|sum)$");

  /** Looks at the admin listener of {@code port}; who can't be reached is down. */
  static Scrape of(HttpClient client, int port, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
            .timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      return answer.statusCode() == 200 ? read(answer.body()) : down();
    } catch (IOException unreachable) {
      return down();
    }
  }

  private static Scrape down() {
    return new Scrape(Instant.now(), "", Map.of("up", 0.0), Map.of());
  }

  static Scrape read(String text) {
    Map<String, Double> values = new LinkedHashMap<>(Map.of("up", 1.0));
    Map<String, String> types = new HashMap<>();
    for (String line : text.lines().toList()) {
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (type.matches()) {
        types.put(type.group(1), type.group(2));
      } else if (sample.matches()) {
        values.put(sample.group(1), number(sample.group(2)));
      }
    }
    return new Scrape(Instant.now(), text, values, types);
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  static String name(String series) {
    int labels = series.indexOf('{');
    return labels < 0 ? series : series.substring(0, labels);
  }

  /** The names of all series. */
  Set<String> names() {
    return values.keySet().stream().map(Scrape::name).collect(Collectors.toSet());
  }

  OptionalDouble value(String series) {
    Double value = values.get(series);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Whether {@code series} only ever grows. */
  boolean isCounter(String series) {
    String type = types.getOrDefault(name(series), "");
    String whole = types.getOrDefault(PART.matcher(name(series)).replaceFirst(""), "");
    return type.equals("counter") || whole.equals("histogram") || whole.equals("summary");
  }

  /** How many observations of the histogram {@code name} were above {@code bound}. */
  double above(String name, String bound) {
    return sum(name + "_bucket", "le=\"+Inf\"") - sum(name + "_bucket", "le=\"" + bound + "\"");
  }

  /** The sum of all series called {@code name} that have {@code label}. */
  double sum(String name, String label) {
    return values.entrySet().stream()
        .filter(of -> name(of.getKey()).equals(name) && of.getKey().contains(label))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
