package io.asyncproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Values of a JSON text (RFC 8259) by pointers (RFC 6901), read in a single pass that checks all of
 * it. Changing one leaves every other byte as it is: big numbers, odd white space, the order of
 * keys. Where an object has a key twice, the first one counts.
 */
public final class JsonTree {
  private final byte[] json;
  private final Map<JsonPointer, JsonValue> values;

  private JsonTree(byte[] json, Map<JsonPointer, JsonValue> values) {
    this.json = json;
    this.values = values;
  }

  /**
   * Reads {@code json} and what {@code wanted} points to.
   *
   * @throws InvalidJsonException where it is not JSON
   */
  public static JsonTree read(byte[] json, Collection<JsonPointer> wanted)
      throws InvalidJsonException {
    return JsonInput.read(
        json,
        parser -> {
          if (parser.nextToken() == null) {
            throw new InvalidJsonException("Invalid JSON");
          }
          Walk walk = new Walk(parser);
          walk.value(wanted.stream().map(pointer -> new Way(pointer, pointer)).toList());
          if (parser.nextToken() != null) {
            throw new InvalidJsonException("Invalid JSON");
          }
          return new JsonTree(json, walk.found);
        });
  }

  /** Whether {@code json} is a JSON text. */
  public static boolean isJson(byte[] json) {
    try {
      read(json, List.of());
      return true;
    } catch (InvalidJsonException none) {
      return false;
    }
  }

  /** What {@code pointer}, one of the wanted ones, points to. */
  public Optional<JsonValue> at(JsonPointer pointer) {
    return Optional.ofNullable(values.get(pointer));
  }

  /** The bytes of a value. */
  public byte[] bytes(JsonValue value) {
    return Arrays.copyOfRange(json, value.from(), value.to());
  }

  /** The JSON text of a string. */
  public static byte[] quoted(String text) {
    byte[] escaped = JsonStringEncoder.getInstance().quoteAsUTF8(text);
    byte[] quoted = new byte[escaped.length + 2];
    System.arraycopy(escaped, 0, quoted, 1, escaped.length);
    quoted[0] = '"';
    quoted[quoted.length - 1] = '"';
    return quoted;
  }

  /**
   * The text {@code json} with {@code value} where {@code pointer} points to; objects on the way
   * that are missing are made.
   *
   * @throws InvalidJsonException where it is not JSON, or something on the way is no object
   */
  public static byte[] with(byte[] json, JsonPointer pointer, byte[] value)
      throws InvalidJsonException {
    Map<JsonPointer, JsonPointer> above = new HashMap<>();
    for (JsonPointer at = pointer; at != null; at = at.head()) {
      above.put(at, at);
    }
    JsonTree tree = read(json, above.keySet());
    byte[] wanted = value;
    for (JsonPointer at = pointer; ; at = at.head()) {
      Optional<JsonValue> there = tree.at(at);
      if (there.isPresent() && at.equals(pointer)) {
        return spliced(json, there.get().from(), there.get().to(), wanted);
      }
      if (there.isPresent()) {
        return tree.withMember(at, there.get(), wanted);
      }
      if (at.head() == null) {
        throw new InvalidJsonException("Invalid JSON");
      }
      JsonPointer parent = at.head();
      byte[] member = joined(quoted(at.last().getMatchingProperty()), new byte[] {':'}, wanted);
      boolean parentIsThere = tree.at(parent).isPresent();
      wanted = parentIsThere ? member : joined(new byte[] {'{'}, member, new byte[] {'}'});
    }
  }

  /** {@code member} goes in as the last one. */
  private byte[] withMember(JsonPointer at, JsonValue object, byte[] member)
      throws InvalidJsonException {
    if (object.kind() != JsonValue.Kind.OBJECT) {
      String where = at.matches() ? "the body" : '`' + at.toString() + '`';
      throw new InvalidJsonException("Invalid JSON: " + where + " must be an object");
    }
    int brace = object.to() - 1;
    boolean empty = new String(json, object.from() + 1, brace - object.from() - 1, UTF_8).isBlank();
    return spliced(json, brace, brace, empty ? member : joined(new byte[] {','}, member));
  }

  private static byte[] spliced(byte[] json, int from, int to, byte[] middle) {
    return joined(
        Arrays.copyOfRange(json, 0, from), middle, Arrays.copyOfRange(json, to, json.length));
  }

  private static byte[] joined(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** How far a wanted pointer still is from here. */
  private record Way(JsonPointer wanted, JsonPointer rest) {
    Optional<Way> member(String name) {
      return Optional.ofNullable(rest.matchProperty(name)).map(below -> new Way(wanted, below));
    }

    Optional<Way> element(int index) {
      return Optional.ofNullable(rest.matchElement(index)).map(below -> new Way(wanted, below));
    }
  }

  private static final class Walk {
    private final JsonParser parser;
    private final Map<JsonPointer, JsonValue> found = new HashMap<>();

    Walk(JsonParser parser) {
      this.parser = parser;
    }

    /** The parser is at the first token of a value, and afterwards at its last. */
    void value(List<Way> ways) throws IOException {
      int from = (int) parser.currentTokenLocation().getByteOffset();
      JsonToken first = parser.currentToken();
      boolean isArrived = ways.stream().anyMatch(way -> way.rest().matches());
      String text = isArrived && first.isScalarValue() ? parser.getText() : "";
      switch (first) {
        case START_OBJECT -> members(ways);
        case START_ARRAY -> elements(ways);
        default -> parser.finishToken();
      }
      int to = (int) parser.currentLocation().getByteOffset();
      JsonValue value = new JsonValue(kind(first), text, from, to);
      ways.stream()
          .filter(way -> way.rest().matches())
          .forEach(way -> found.putIfAbsent(way.wanted(), value));
    }

    private void members(List<Way> ways) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        below(ways.stream().flatMap(way -> way.member(name).stream()).toList());
      }
    }

    private void elements(List<Way> ways) throws IOException {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        int index = i;
        below(ways.stream().flatMap(way -> way.element(index).stream()).toList());
      }
    }

    private void below(List<Way> ways) throws IOException {
      if (ways.isEmpty()) {
        parser.skipChildren();
        parser.finishToken();
      } else {
        value(ways);
      }
    }

    private static JsonValue.Kind kind(JsonToken first) {
      return switch (first) {
        case START_OBJECT -> JsonValue.Kind.OBJECT;
        case START_ARRAY -> JsonValue.Kind.ARRAY;
        case VALUE_NULL -> JsonValue.Kind.NULL;
        default -> JsonValue.Kind.SCALAR;
      };
    }
  }
}
