package io.asyncproxy.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A public path: {@code /a/{name}/*}. {@code {name}} is one segment that is not empty, {@code *} at
 * the end the rest, of one segment at least. Immutable.
 *
 * @param text as it is written
 * @param segments its segments
 */
public record PathPattern(String text, List<String> segments) {
  /** What the rest of a path is called. */
  public static final String REST = "rest";

  private static final String SEGMENT = "[A-Za-z0-9._~-]+|\\{[A-Za-z][A-Za-z0-9_]*}";

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException where it is none; says why
   */
  public static PathPattern parse(String text) {
    if (!text.startsWith("/") || text.length() < 2) {
      throw new IllegalArgumentException("must begin with / and name something");
    }
    List<String> segments = List.of(text.substring(1).split("/", -1));
    for (int i = 0; i < segments.size(); i++) {
      boolean rest = segments.get(i).equals("*") && i == segments.size() - 1 && i > 0;
      if (!rest && !segments.get(i).matches(SEGMENT)) {
        throw new IllegalArgumentException(
            "`%s` is no segment: letters, digits, {name}, or * at the end"
                .formatted(segments.get(i)));
      }
    }
    if (List.of("health", "livez", "readyz", "openapi.json").contains(segments.getFirst())
        || segments.getFirst().equals("proxy")) {
      throw new IllegalArgumentException("/" + segments.getFirst() + " is the service's own");
    }
    return new PathPattern(text, segments);
  }

  /** The names of its parameters. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (String segment : segments) {
      if (segment.startsWith("{")) {
        names.add(segment.substring(1, segment.length() - 1));
      } else if (segment.equals("*")) {
        names.add(REST);
      }
    }
    return names;
  }

  /** The parameters of {@code path}, percent-encoded as they came; empty where it is another. */
  public Optional<Map<String, String>> match(String path) {
    Map<String, String> parameters = new LinkedHashMap<>();
    int at = 1;
    for (int i = 0; i < segments.size(); i++) {
      if (at > path.length() || path.isEmpty()) {
        return Optional.empty();
      }
      int slash = path.indexOf('/', at);
      int end = slash < 0 ? path.length() : slash;
      String segment = segments.get(i);
      if (segment.equals("*")) {
        end = path.length();
        parameters.put(REST, path.substring(at));
      } else if (segment.startsWith("{")) {
        parameters.put(segment.substring(1, segment.length() - 1), path.substring(at, end));
      } else if (!segment.equals(path.substring(at, end))) {
        return Optional.empty();
      }
      if (end == at || parameters.values().stream().anyMatch(PathPattern::climbs)) {
        return Optional.empty();
      }
      at = end + 1;
    }
    return at > path.length() ? Optional.of(parameters) : Optional.empty();
  }

  /**
   * Would name another place at the API than the route says, where that resolves dots, whatever it
   * takes for a dot, a slash, or the end of a segment.
   */
  private static boolean climbs(String value) {
    String decoded =
        value
            .replaceAll("(?i)%2e", ".")
            .replaceAll("(?i)%2f|%5c|\\\\", "/")
            .replaceAll("(?i)%3b", ";");
    for (String segment : decoded.split("/", -1)) {
      String name = segment.split(";", 2)[0];
      if (name.equals(".") || name.equals("..")) {
        return true;
      }
    }
    return false;
  }

  /** How exact it is: of two patterns that fit, the one with more constant text is meant. */
  int weight() {
    return segments.stream().mapToInt(s -> s.equals("*") ? 0 : s.startsWith("{") ? 10 : 1000).sum();
  }
}
