package io.asyncproxy.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The header fields that clients get with a result: a line for each, kept with the result. */
final class ResultHead {
  private static final String TYPE = "content-type";

  private ResultHead() {}

  /** The fields of {@code message} that are passed on, with a body of media type {@code type}. */
  static String of(Message message, List<String> passed, String type) {
    List<String> lines = new ArrayList<>();
    lines.add(TYPE + ": " + (type.isEmpty() ? "application/octet-stream" : type));
    for (String name : passed) {
      message
          .headers()
          .apply(name)
          .ifPresent(value -> lines.add(name.toLowerCase(Locale.ROOT) + ": " + value));
    }
    return String.join("\n", lines);
  }
}
