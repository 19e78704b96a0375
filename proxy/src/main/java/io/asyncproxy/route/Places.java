package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.Map;

/**
 * The values of a job that templates may ask for: {@code path.NAME}, {@code account}, {@code job},
 * {@code callback}, {@code id}. One that is not there is empty. Immutable.
 */
public final class Places {
  private static final String PATH = "path.";

  private final Map<String, String> values;

  private Places(Map<String, String> values) {
    this.values = values;
  }

  /** Those of a job. */
  public static Places of(RequestHead head, String account, String job) {
    Map<String, String> values = new HashMap<>();
    head.parameters().forEach((name, value) -> values.put(PATH + name, value));
    values.put("account", account);
    values.put("job", job);
    return new Places(values);
  }

  /** The same with one more. */
  public Places with(String name, String value) {
    Map<String, String> more = new HashMap<>(values);
    more.put(name, value);
    return new Places(more);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The value of {@code name} for a text. Parameters of paths are kept percent-encoded. */
  public String text(String name) {
    String value = values.getOrDefault(name, "");
    return name.startsWith(PATH) ? decoded(value) : value;
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException malformed) {
      return value;
    }
  }

  /** For a URL. */
  String url(String name) {
    String value = values.getOrDefault(name, "");
    if (name.startsWith(PATH)) {
      return value;
    }
    boolean dots = value.equals(".") || value.equals("..");
    return dots ? value.replace(".", "%2E") : URLEncoder.encode(value, UTF_8).replace("+", "%20");
  }
}
