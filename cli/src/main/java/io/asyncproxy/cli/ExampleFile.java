package io.asyncproxy.cli;

import io.asyncproxy.settings.Setting;
import io.asyncproxy.settings.Settings;

/**
 * {@code async-proxy.example.yaml}: every setting with its meaning, what it may be, and its
 * default.
 */
final class ExampleFile {
  private static final String ROUTES =
      """

      # APIs besides that of /proxy: docs/routes.md; './async-proxy routes presets' lists those that come
      # with the program, './async-proxy routes check' shows what a route does.
      #routes:
      #  predictions:
      #    preset: async-proxy
      """;

  private ExampleFile() {}

  static String text() {
    StringBuilder text =
        new StringBuilder(
            """
            # yaml-language-server: $schema=./async-proxy.schema.json
            #
            # Every setting of Async Proxy. Copy this to async-proxy.yaml and take the # away where you need
            # another value. A flag (--job-server-url) or an environment variable (JOB_SERVER_URL) wins over
            # the file; './async-proxy config' shows what is in effect, and where it came from.
            # Made by './async-proxy config --example'.
            """);
    Settings.all().forEach(setting -> append(text, setting));
    return text.append(ROUTES).toString();
  }

  private static void append(StringBuilder text, Setting<?> setting) {
    text.append("\n# ").append(setting.meaning());
    text.append("\n# ").append(setting.type().allowed()).append('\n');
    String value = setting.fallback().map(ExampleFile::quoted).orElse("");
    text.append(("#" + setting.key() + ": " + value).stripTrailing()).append('\n');
  }

  /** YAML would take a lone asterisk for an alias, and a colon at the end for a key. */
  private static String quoted(String value) {
    return value.equals("*") || value.endsWith(":") ? '"' + value + '"' : value;
  }
}
