package io.asyncproxy.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.asyncproxy.benchmarks.stats.Point;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Writes results as JSON; {@link ResultsReader} reads them back. */
final class ResultsJson {
  private final JsonGenerator json;

  private ResultsJson(JsonGenerator json) {
    this.json = json;
  }

  static String of(Map<Topic, ExperimentResult> results) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      for (ExperimentResult result : results.values()) {
        json.writeFieldName(result.topic().label());
        new ResultsJson(json).write(result);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private void write(ExperimentResult result) throws IOException {
    Provenance from = result.provenance();
    json.writeStartObject();
    json.writeStringField("commit", from.commit());
    json.writeStringField("command", from.command());
    json.writeStringField("date", from.date());
    json.writeStringField("java", from.java());
    json.writeStringField("machine", from.machine());
    json.writeStringField("timing", from.timing());
    json.writeArrayFieldStart("figures");
    for (Figure figure : result.figures()) {
      write(figure);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("series");
    for (Series series : result.series()) {
      write(series);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notes");
    for (String note : result.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(Figure figure) throws IOException {
    json.writeStartObject();
    json.writeStringField("side", figure.side());
    if (figure.at().isPresent()) {
      number("at", figure.at().getAsDouble());
    }
    json.writeStringField("metric", figure.metric());
    json.writeStringField("unit", figure.unit());
    number("value", figure.value());
    if (figure.wanted().isPresent()) {
      Wanted wanted = figure.wanted().get();
      number(wanted.atMost() ? "wanted_at_most" : "wanted_at_least", wanted.limit());
      json.writeBooleanField("reached", wanted.isReached(figure.value()));
    }
    numbers("windows", figure.windows());
    json.writeEndObject();
  }

  private void write(Series series) throws IOException {
    json.writeStartObject();
    json.writeStringField("side", series.side());
    json.writeStringField("metric", series.metric());
    json.writeStringField("unit", series.unit());
    numbers("x", series.points().stream().map(Point::x).toList());
    numbers("y", series.points().stream().map(Point::y).toList());
    json.writeEndObject();
  }

  private void number(String name, double value) throws IOException {
    json.writeNumberField(name, Numbers.kept(value));
  }

  private void numbers(String name, List<Double> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (double value : values) {
      json.writeNumber(Numbers.kept(value));
    }
    json.writeEndArray();
  }
}
