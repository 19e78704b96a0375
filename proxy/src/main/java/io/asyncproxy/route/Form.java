package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The fields of a query or of an {@code application/x-www-form-urlencoded} body (WHATWG URL,
 * section 5): in their order, the first of each name counts.
 */
final class Form {
  private final String text;

  private Form(String text) {
    this.text = text;
  }

  static Form of(String text) {
    return new Form(text);
  }

  static Form of(byte[] body) {
    return new Form(new String(body, UTF_8));
  }

  Optional<String> field(String name) {
    return Optional.ofNullable(fields().get(name));
  }

  private Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      if (!pair.isEmpty()) {
        fields.putIfAbsent(
            name(pair), decode(pair.substring(Math.min(pair.length(), equals(pair) + 1))));
      }
    }
    return fields;
  }

  private static String name(String pair) {
    return decode(pair.substring(0, equals(pair)));
  }

  private static int equals(String pair) {
    int at = pair.indexOf('=');
    return at < 0 ? pair.length() : at;
  }

  /** What is no percent-encoding stays as it is. */
  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }

  /**
   * The same with one field more, instead of all that have its name; the others keep their bytes.
   */
  Form with(String name, String value) {
    StringJoiner joined = new StringJoiner("&");
    for (String pair : text.split("&")) {
      if (!pair.isEmpty() && !name(pair).equals(name)) {
        joined.add(pair);
      }
    }
    return new Form(joined.add(encode(name) + '=' + encode(value)).toString());
  }

  /** The same without the fields that {@code other} has. */
  Form without(Form other) {
    StringJoiner joined = new StringJoiner("&");
    for (String pair : text.split("&")) {
      if (!pair.isEmpty() && other.field(name(pair)).isEmpty()) {
        joined.add(pair);
      }
    }
    return new Form(joined.toString());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  String text() {
    return text;
  }

  byte[] bytes() {
    return text.getBytes(UTF_8);
  }
}
