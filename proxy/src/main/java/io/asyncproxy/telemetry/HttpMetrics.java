package io.asyncproxy.telemetry;

import io.asyncproxy.dispatch.CallListener;
import io.asyncproxy.http.RequestListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Durations of HTTP requests, by the names, attributes and buckets of OpenTelemetry's semantic
 * conventions for HTTP metrics; the buckets reach beyond the longest hold. Thread-safe.
 */
final class HttpMetrics implements RequestListener {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT");
  private static final String OTHER = "_OTHER";

  private final MeterRegistry registry;
  private final ConcurrentHashMap<Answered, Timer> answered = new ConcurrentHashMap<>();

  private record Answered(String method, String route, int status) {}

  private record Called(String method, int status, String error) {}

  HttpMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void answered(String method, String route, int status, long nanos) {
    answered
        .computeIfAbsent(
            new Answered(METHODS.contains(method) ? method : OTHER, route, status), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Answered of) {
    return timer("http.server.request.duration", "Requests answered")
        .tags("http.request.method", of.method(), "http.route", of.route())
        .tag("http.response.status.code", Integer.toString(of.status()))
        .register(registry);
  }

  /** What is sent to the job server at {@code host} and {@code port}. */
  CallListener calls(String host, int port) {
    ConcurrentHashMap<Called, Timer> called = new ConcurrentHashMap<>();
    return (String method, OptionalInt status, String error, long nanos) ->
        called
            .computeIfAbsent(
                new Called(method, status.orElse(0), error), of -> timer(of, host, port))
            .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Called of, String host, int port) {
    return timer("http.client.request.duration", "Requests sent to job servers")
        .tags("http.request.method", of.method(), "server.address", host)
        .tag("server.port", Integer.toString(port))
        .tag("http.response.status.code", of.status() == 0 ? "" : Integer.toString(of.status()))
        .tag("error.type", of.error())
        .register(registry);
  }

  private static Timer.Builder timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(Buckets.REQUESTS.toArray(Duration[]::new));
  }
}
