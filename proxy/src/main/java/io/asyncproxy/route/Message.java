package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.json.InvalidJsonException;
import io.asyncproxy.json.JsonTree;
import io.asyncproxy.json.JsonValue;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A message that an API or a client sent.
 *
 * @param headers the value of a header field, by its name in any case
 * @param query the query, percent-encoded; empty where there is none
 * @param body the body
 */
public record Message(Function<String, Optional<String>> headers, String query, byte[] body) {

  /** A message with the header fields {@code headers}. */
  public static Message of(MultiMap headers, @Nullable String query, byte[] body) {
    return new Message(
        name -> Optional.ofNullable(headers.get(name)), query == null ? "" : query, body);
  }

  /** The media type without parameters, in lower case; empty where none is named. */
  public String mediaType() {
    String type = headers.apply("Content-Type").orElse("");
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /** Whether the body says that it is JSON. */
  public boolean isJson() {
    return isJson(mediaType());
  }

  static boolean isJson(String mediaType) {
    return mediaType.equals("application/json") || mediaType.endsWith("+json");
  }

  /** The text at {@code location}: a string's, a number's, a field's; empty where there is none. */
  public Optional<String> text(Location location) {
    return switch (location) {
      case Location.Body _ -> Optional.of(new String(body, UTF_8));
      case Location.InJson(var pointer) ->
          tree(location)
              .flatMap(tree -> tree.at(pointer))
              .filter(value -> value.kind() == JsonValue.Kind.SCALAR)
              .map(JsonValue::text);
      case Location.Header(String name) -> headers.apply(name);
      case Location.Query(String name) -> Form.of(query).field(name);
      case Location.Form(String name) -> Form.of(body).field(name);
    };
  }

  /** Whether JSON's {@code null} is at {@code location}. */
  boolean isNull(Location location) {
    return location instanceof Location.InJson(var pointer)
        && tree(location)
            .flatMap(tree -> tree.at(pointer))
            .filter(value -> value.kind() == JsonValue.Kind.NULL)
            .isPresent();
  }

  /** What is at {@code location}, byte for byte; of JSON the JSON text. */
  public Optional<byte[]> bytes(Location location) {
    return switch (location) {
      case Location.Body _ -> Optional.of(body);
      case Location.InJson(var pointer) ->
          tree(location).flatMap(tree -> tree.at(pointer).map(tree::bytes));
      case Location.Header _, Location.Query _, Location.Form _ ->
          text(location).map(text -> text.getBytes(UTF_8));
    };
  }

  private Optional<JsonTree> tree(Location location) {
    try {
      return location instanceof Location.InJson(var pointer)
          ? Optional.of(JsonTree.read(body, List.of(pointer)))
          : Optional.empty();
    } catch (InvalidJsonException none) {
      return Optional.empty();
    }
  }
}
