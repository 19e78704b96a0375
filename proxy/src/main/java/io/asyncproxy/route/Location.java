package io.asyncproxy.route;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.Optional;

/**
 * A place in an HTTP message, written {@code body} (all of it), {@code body:/a/b} (a JSON Pointer,
 * RFC 6901), {@code header:Name}, {@code query:name} or {@code form:name} (a field of an {@code
 * application/x-www-form-urlencoded} body).
 */
public sealed interface Location {
  /** What may be written. */
  String ALLOWED = "body:/json/pointer, header:Name, query:name, form:name, or body";

  /** The whole body. */
  record Body() implements Location {}

  /** A value within a JSON body. */
  record InJson(JsonPointer pointer) implements Location {}

  /** A header field. */
  record Header(String name) implements Location {}

  /** A parameter of the query. */
  record Query(String name) implements Location {}

  /** A field of a form. */
  record Form(String name) implements Location {}

  /** Reads a place; empty where it is none. */
  static Optional<Location> parse(String text) {
    int colon = text.indexOf(':');
    String rest = text.substring(colon + 1);
    return switch (colon < 0 ? text : text.substring(0, colon)) {
      case "body" -> colon < 0 ? Optional.of(new Body()) : pointer(rest);
      case "header" ->
          rest.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") && colon > 0
              ? Optional.of(new Header(rest))
              : Optional.empty();
      case "query" -> named(colon, rest).map(Query::new);
      case "form" -> named(colon, rest).map(Form::new);
      default -> Optional.empty();
    };
  }

  private static Optional<Location> pointer(String text) {
    return text.startsWith("/") && text.length() > 1
        ? Optional.of(new InJson(JsonPointer.compile(text)))
        : Optional.empty();
  }

  private static Optional<String> named(int colon, String name) {
    return colon > 0 && !name.isEmpty() ? Optional.of(name) : Optional.empty();
  }

  /** As it is written. */
  default String text() {
    return switch (this) {
      case Body _ -> "body";
      case InJson(JsonPointer pointer) -> "body:" + pointer;
      case Header(String name) -> "header:" + name;
      case Query(String name) -> "query:" + name;
      case Form(String name) -> "form:" + name;
    };
  }
}
