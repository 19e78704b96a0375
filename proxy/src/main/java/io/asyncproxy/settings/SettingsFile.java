package io.asyncproxy.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** A settings file in YAML 1.2: nested or dotted keys, each value with its line. */
final class SettingsFile {
  private final Path path;

  /** What is read by who knows it, each part as it is written. */
  private static final Set<String> SECTIONS = Set.of("routes");

  private final Map<String, Source> values = new LinkedHashMap<>();
  private final Map<String, Node> sections = new LinkedHashMap<>();
  private final List<String> mistakes = new ArrayList<>();
  private final Set<Node> within = Collections.newSetFromMap(new IdentityHashMap<>());

  private SettingsFile(Path path) {
    this.path = path;
  }

  static SettingsFile read(Path path) {
    SettingsFile file = new SettingsFile(path);
    try (Reader reader = Files.newBufferedReader(path)) {
      Optional<Node> root =
          new Compose(
                  LoadSettings.builder()
                      .setLabel(path.toString())
                      .setSchema(new CoreSchema())
                      .build())
              .composeReader(reader);
      root.ifPresent(node -> file.addAll("", node));
    } catch (MarkedYamlEngineException malformed) {
      int line = malformed.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      file.mistakes.add("%s:%d: not YAML: %s".formatted(path, line, malformed.getProblem()));
    } catch (YamlEngineException malformed) {
      file.mistakes.add("%s: not YAML: %s".formatted(path, malformed.getMessage()));
    } catch (IOException unreadable) {
      file.mistakes.add("%s: can't be read: %s".formatted(path, unreadable));
    }
    return file;
  }

  private void addAll(String prefix, Node node) {
    if (!within.add(node)) {
      mistakes.add(at(node) + "an alias refers to what it is part of");
      return;
    }
    addNode(prefix, node);
    within.remove(node);
  }

  private void addNode(String prefix, Node node) {
    switch (node) {
      case MappingNode mapping -> mapping.getValue().forEach(tuple -> addMember(prefix, tuple));
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> {}
      case ScalarNode scalar -> addValue(prefix, scalar.getValue(), node);
      case SequenceNode list -> addValue(prefix, joined(list), node);
      default -> mistakes.add(at(node) + "a value was expected");
    }
  }

  private void addMember(String prefix, NodeTuple tuple) {
    if (tuple.getKeyNode() instanceof ScalarNode section
        && prefix.isEmpty()
        && SECTIONS.contains(section.getValue())) {
      if (sections.putIfAbsent(section.getValue(), tuple.getValueNode()) != null) {
        mistakes.add(at(section) + section.getValue() + " is given twice");
      }
    } else if (tuple.getKeyNode() instanceof ScalarNode key) {
      addAll(
          prefix.isEmpty() ? key.getValue() : prefix + '.' + key.getValue(), tuple.getValueNode());
    } else {
      mistakes.add(at(tuple.getKeyNode()) + "a key was expected");
    }
  }

  private void addValue(String key, String value, Node node) {
    if (key.isEmpty()) {
      mistakes.add(at(node) + "keys and values were expected");
    } else if (values.putIfAbsent(key, new Source(value, at(node).replaceFirst(": $", "")))
        != null) {
      mistakes.add(at(node) + key + " is given twice");
    }
  }

  private String joined(SequenceNode list) {
    List<String> items = new ArrayList<>();
    for (Node item : list.getValue()) {
      if (item instanceof ScalarNode scalar) {
        items.add(scalar.getValue());
      } else {
        mistakes.add(at(item) + "a plain value was expected");
      }
    }
    return String.join(",", items);
  }

  private String at(Node node) {
    return node.getStartMark().map(mark -> path + ":" + (mark.getLine() + 1) + ": ").orElse("");
  }

  Map<String, Source> values() {
    return values;
  }

  Map<String, Node> sections() {
    return sections;
  }

  List<String> mistakes() {
    return mistakes;
  }
}
