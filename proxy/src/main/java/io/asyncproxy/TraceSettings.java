package io.asyncproxy;

import static io.asyncproxy.settings.Settings.OTEL_ENDPOINT;
import static io.asyncproxy.settings.Settings.OTEL_HEADERS;
import static io.asyncproxy.settings.Settings.OTEL_SAMPLING;

import io.asyncproxy.settings.Values;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where traces are sent.
 *
 * @param endpoint of the collector
 * @param percent the part of the traces that begin here which is recorded
 * @param headers what is sent along, such as a key
 */
public record TraceSettings(URI endpoint, int percent, Map<String, String> headers) {

  /** What {@code values} say; empty where no traces are sent. */
  static Optional<TraceSettings> of(Values values) {
    return values
        .find(OTEL_ENDPOINT)
        .map(endpoint -> new TraceSettings(endpoint, values.get(OTEL_SAMPLING), headers(values)));
  }

  private static Map<String, String> headers(Values values) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String pair : values.find(OTEL_HEADERS).orElseGet(java.util.List::of)) {
      int end = pair.indexOf('=');
      headers.put(pair.substring(0, end), pair.substring(end + 1));
    }
    return headers;
  }
}
