package io.asyncproxy.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping while it is read. Whoever reads it asks for the keys that there may be; {@link
 * #rejectOthers} then tells of all the others. Mistakes are collected, not thrown, so that people
 * hear of all of them at once: {@code file:line: routes.name.key: what is wrong}.
 */
public final class YamlMap {
  private final String name;
  private final Node node;
  private final List<String> mistakes;
  private final Map<String, Node> members = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  private YamlMap(String name, Node node, List<String> mistakes) {
    this.name = name;
    this.node = node;
    this.mistakes = mistakes;
  }

  /** Reads {@code node}, which people know as {@code name}. */
  public static YamlMap of(String name, Node node, List<String> mistakes) {
    YamlMap map = new YamlMap(name, node, mistakes);
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(map::add);
    } else if (!isNull(node)) {
      mistakes.add(at(node) + name + " must have keys and values");
    }
    return map;
  }

  private void add(NodeTuple tuple) {
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      mistakes.add(at(tuple.getKeyNode()) + name + ": a key was expected");
    } else if (members.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
      mistakes.add(at(key) + path(key.getValue()) + " is given twice");
    }
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  /** {@code over} with what only {@code under} has; mappings in both are merged the same way. */
  public static Node merged(Node over, Node under) {
    if (!(over instanceof MappingNode top) || !(under instanceof MappingNode base)) {
      return isNull(over) ? under : over;
    }
    List<NodeTuple> tuples = new ArrayList<>();
    Map<String, Node> below = new LinkedHashMap<>();
    base.getValue().forEach(tuple -> below.put(keyOf(tuple), tuple.getValueNode()));
    for (NodeTuple tuple : top.getValue()) {
      Node beneath = below.remove(keyOf(tuple));
      tuples.add(
          beneath == null
              ? tuple
              : new NodeTuple(tuple.getKeyNode(), merged(tuple.getValueNode(), beneath)));
    }
    base.getValue().stream().filter(tuple -> below.containsKey(keyOf(tuple))).forEach(tuples::add);
    return new MappingNode(
        top.getTag(), true, tuples, top.getFlowStyle(), top.getStartMark(), top.getEndMark());
  }

  private static String keyOf(NodeTuple tuple) {
    return tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
  }

  /** The keys that there are. */
  public Set<String> keys() {
    return members.keySet();
  }

  private Optional<Node> node(String key) {
    asked.add(key);
    return Optional.ofNullable(members.get(key)).filter(value -> !isNull(value));
  }

  /** The value of {@code key} as it stands there. */
  public Optional<Node> raw(String key) {
    return node(key);
  }

  /** The plain value of {@code key}. */
  public Optional<String> text(String key) {
    Optional<Node> value = node(key);
    if (value.isPresent() && !(value.get() instanceof ScalarNode)) {
      mistake(key, "must be a plain value");
      return Optional.empty();
    }
    return value.map(scalar -> ((ScalarNode) scalar).getValue());
  }

  /** The plain values of {@code key}: a list, or one value. */
  public List<String> texts(String key) {
    Optional<Node> value = node(key);
    if (value.isEmpty()) {
      return List.of();
    }
    List<Node> items =
        value.get() instanceof SequenceNode list ? list.getValue() : List.of(value.get());
    List<String> texts = new ArrayList<>();
    for (Node item : items) {
      if (item instanceof ScalarNode scalar) {
        texts.add(scalar.getValue());
      } else {
        mistake(key, "must be a list of plain values");
      }
    }
    return texts;
  }

  /** The mapping of {@code key}; an empty one where there is none. */
  public YamlMap map(String key) {
    Optional<Node> value = node(key);
    return value.isPresent()
        ? of(path(key), value.get(), mistakes)
        : new YamlMap(path(key), node, mistakes);
  }

  /** Whether there is {@code key}. */
  public boolean has(String key) {
    return node(key).isPresent();
  }

  private String path(String key) {
    return name + '.' + key;
  }

  /** The value of {@code key} is wrong. */
  public void mistake(String key, String what) {
    Node where = members.getOrDefault(key, node);
    mistakes.add(at(where) + path(key) + ": " + what);
  }

  /** The whole is wrong. */
  public void mistake(String what) {
    mistakes.add(at(node) + name + ": " + what);
  }

  /** Tells of each key that nobody asked for. */
  public void rejectOthers() {
    for (String key : members.keySet()) {
      if (!asked.contains(key)) {
        mistake(key, "unknown key; known here: " + String.join(", ", asked));
      }
    }
  }

  private static String at(Node node) {
    return node.getStartMark()
        .map(mark -> mark.getName() + ":" + (mark.getLine() + 1) + ": ")
        .orElse("");
  }
}
