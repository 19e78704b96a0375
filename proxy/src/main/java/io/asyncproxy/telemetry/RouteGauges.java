package io.asyncproxy.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The same of each route as of {@code /proxy}, by its name; what is shown changes with the routes.
 */
final class RouteGauges {
  private final MultiGauge circuit;
  private final MultiGauge pace;
  private final MultiGauge waiting;

  RouteGauges(MeterRegistry registry) {
    this.circuit = gauge(registry, "circuit.state", "0 closed, 1 half open, 2 open");
    this.pace = gauge(registry, "pace.limit", "Starts per second at most");
    this.waiting = gauge(registry, "jobs.waiting", "Jobs that wait for their turn");
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder("asyncproxy.route." + name)
        .description(description)
        .register(registry);
  }

  /** Shows {@code routes} from now on. */
  void show(List<RouteState> routes) {
    circuit.register(rows(routes, RouteState::circuit), true);
    pace.register(rows(routes, RouteState::pace), true);
    waiting.register(rows(routes, RouteState::waiting), true);
  }

  private static List<MultiGauge.Row<?>> rows(
      List<RouteState> routes, ToDoubleFunction<RouteState> value) {
    return routes.stream()
        .<MultiGauge.Row<?>>map(
            route -> MultiGauge.Row.of(Tags.of("route", route.name()), value.applyAsDouble(route)))
        .toList();
  }
}
