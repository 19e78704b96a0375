package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Routes that come with the program: files of the jar, in the language of the settings file. */
public final class Presets {
  private static final String FOLDER = "/routes/";

  private Presets() {}

  /** The names of all presets. */
  public static List<String> names() {
    return read("index").lines().filter(line -> !line.isBlank()).toList();
  }

  /** The preset called {@code name}. */
  static Optional<Node> find(String name) {
    if (!names().contains(name)) {
      return Optional.empty();
    }
    LoadSettings settings =
        LoadSettings.builder().setLabel("preset " + name).setSchema(new CoreSchema()).build();
    return new Compose(settings).composeString(text(name));
  }

  /** What a preset is, in a line. */
  public static String description(String name) {
    return text(name)
        .lines()
        .filter(line -> line.startsWith("description: "))
        .map(line -> line.substring("description: ".length()))
        .findFirst()
        .orElse("");
  }

  /** A preset as it is written. */
  public static String text(String name) {
    return read(name + ".yaml");
  }

  /** The JSON Schema of routes: {@code routes}, and the {@code $defs} that it refers to. */
  public static String schema() {
    return read("schema.json");
  }

  private static String read(String file) {
    try (InputStream resource = Presets.class.getResourceAsStream(FOLDER + file)) {
      if (resource == null) {
        throw new IllegalStateException("the jar has no " + FOLDER + file);
      }
      return new String(resource.readAllBytes(), UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
