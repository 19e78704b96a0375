package io.asyncproxy.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object in memory, its members by type: what is absent is empty. */
record JsonTree(Map<String, Object> members) {
  static JsonTree parse(String text) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      return value(parser) instanceof JsonTree tree ? tree : new JsonTree(Map.of());
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      default -> parser.getText();
    };
  }

  private static JsonTree object(JsonParser parser) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, value(parser));
    }
    return new JsonTree(members);
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(parser));
    }
    return values;
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  String text(String name) {
    return members.get(name) instanceof String text ? text : "";
  }

  double number(String name) {
    return members.get(name) instanceof Double number ? number : 0;
  }

  List<Double> numbers(String name) {
    return all(name, Double.class);
  }

  List<String> texts(String name) {
    return all(name, String.class);
  }

  List<JsonTree> objects(String name) {
    return all(name, JsonTree.class);
  }

  private <T> List<T> all(String name, Class<T> type) {
    return members.get(name) instanceof List<?> list
        ? list.stream().filter(type::isInstance).map(type::cast).toList()
        : List.of();
  }
}
