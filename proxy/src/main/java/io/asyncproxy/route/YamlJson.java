package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.json.JsonTree;
import java.util.StringJoiner;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML value as JSON: the two have the same kinds of values (YAML 1.2, section 10.2). */
final class YamlJson {
  private YamlJson() {}

  /** Also {@code ${NAME}} without quotes, which YAML's library gives a tag of its own. */
  static boolean isText(Node node) {
    return node instanceof ScalarNode scalar
        && (scalar.getTag().equals(Tag.STR) || scalar.getTag().equals(Tag.ENV_TAG));
  }

  static String of(Node node) {
    return switch (node) {
      case MappingNode mapping -> object(mapping);
      case SequenceNode list -> array(list);
      case ScalarNode scalar when isText(scalar) -> quoted(scalar.getValue());
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "null";
      case ScalarNode scalar -> literal(scalar.getValue());
      default -> "null";
    };
  }

  private static String object(MappingNode mapping) {
    StringJoiner members = new StringJoiner(",", "{", "}");
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      members.add(quoted(key) + ':' + of(tuple.getValueNode()));
    }
    return members.toString();
  }

  private static String array(SequenceNode list) {
    StringJoiner items = new StringJoiner(",", "[", "]");
    list.getValue().forEach(item -> items.add(of(item)));
    return items.toString();
  }

  /** Numbers and truth values are mostly written as in JSON; {@code 0x1F} and the like are not. */
  private static String literal(String text) {
    String lower = text.toLowerCase(java.util.Locale.ROOT);
    return JsonTree.isJson(lower.getBytes(UTF_8)) ? lower : quoted(text);
  }

  private static String quoted(String text) {
    return new String(JsonTree.quoted(text), UTF_8);
  }
}
