package io.asyncproxy.route;

import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code routes} of the settings file. */
public final class RoutesSection {
  private static final String FILE = "file:";

  private final Function<String, Optional<String>> variables;
  private final List<String> mistakes = new ArrayList<>();

  private RoutesSection(Function<String, Optional<String>> variables) {
    this.variables = variables;
  }

  /**
   * Reads the routes.
   *
   * @param section the value of {@code routes}; empty where there is none
   * @param environment the environment variables
   * @throws InvalidSettingsException with every mistake: file, line, key, and what is allowed
   */
  public static Routes read(Optional<Node> section, Map<String, String> environment)
      throws InvalidSettingsException {
    return read(section, name -> variable(name, environment));
  }

  /** The same, where {@code variables} say what {@code ${...}} stands for. */
  public static Routes read(Optional<Node> section, Function<String, Optional<String>> variables)
      throws InvalidSettingsException {
    if (section.isEmpty()) {
      return Routes.NONE;
    }
    RoutesSection reading = new RoutesSection(variables);
    List<Route> routes = reading.read(section.get());
    if (!reading.mistakes.isEmpty()) {
      throw new InvalidSettingsException(reading.mistakes);
    }
    return new Routes(routes);
  }

  private static Optional<String> variable(String name, Map<String, String> environment) {
    if (!name.startsWith(FILE)) {
      return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }
    try {
      return Optional.of(Files.readString(Path.of(name.substring(FILE.length()))).strip());
    } catch (IOException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  private List<Route> read(Node section) {
    YamlMap map = YamlMap.of("routes", section, mistakes);
    List<Route> routes = new ArrayList<>();
    Map<List<String>, String> paths = new HashMap<>();
    for (String name : map.keys()) {
      map.raw(name).ifPresent(node -> read(map, name, node).ifPresent(routes::add));
    }
    for (Route route : routes) {
      List<String> shape =
          route.path().segments().stream().map(s -> s.startsWith("{") ? "{}" : s).toList();
      String other = paths.putIfAbsent(shape, route.name());
      if (other != null) {
        map.mistake(route.name(), "has the same path as " + other + ": " + route.path().text());
      }
    }
    return routes;
  }

  /** What is written in the file goes over its preset. */
  private Optional<Route> read(YamlMap routes, String name, Node node) {
    YamlMap written = YamlMap.of("routes." + name, node, new ArrayList<>());
    Optional<String> preset = written.text("preset");
    Optional<Node> under = preset.flatMap(Presets::find);
    if (preset.isPresent() && under.isEmpty()) {
      routes.mistake(
          name,
          "there is no preset `%s`; there are %s"
              .formatted(preset.get(), String.join(", ", Presets.names())));
      return Optional.empty();
    }
    Node whole = under.isPresent() ? YamlMap.merged(node, under.get()) : node;
    YamlMap map = YamlMap.of("routes." + name, whole, mistakes);
    map.text("preset");
    int before = mistakes.size();
    Route route = new RouteReader(name, map, YamlJson.of(whole), variables).read();
    return mistakes.size() == before ? Optional.of(route) : Optional.empty();
  }
}
