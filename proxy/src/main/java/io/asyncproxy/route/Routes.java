package io.asyncproxy.route;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All routes. Immutable. */
public final class Routes {
  /** No routes. */
  public static final Routes NONE = new Routes(List.of());

  private final List<Route> all;

  /** The routes {@code all}. */
  public Routes(List<Route> all) {
    this.all = all.stream().sorted(Comparator.comparingInt(Routes::weight).reversed()).toList();
  }

  private static int weight(Route route) {
    return route.path().weight();
  }

  /** A route, and the parameters of the path that was asked for. */
  public record Match(Route route, Map<String, String> parameters) {}

  /** The route that is meant by {@code path}: the one with the most constant text. */
  public Optional<Match> match(String path) {
    for (Route route : all) {
      Optional<Map<String, String>> parameters = route.path().match(path);
      if (parameters.isPresent()) {
        return Optional.of(new Match(route, parameters.get()));
      }
    }
    return Optional.empty();
  }

  /** The route called {@code name}. */
  public Optional<Route> named(String name) {
    return all.stream().filter(route -> route.name().equals(name)).findFirst();
  }

  /** All of them. */
  public List<Route> all() {
    return all;
  }
}
