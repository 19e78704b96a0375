package io.asyncproxy.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text with places to fill: {@code {name}} is of the job, {@code ${NAME}} an environment variable
 * and {@code ${file:PATH}} the content of a file, both read at the start and never shown; {@code
 * ${NAME:-text}} has a default. Two opening braces are one. Immutable.
 */
public final class Template {
  private static final Pattern PLACE =
      Pattern.compile("\\$\\{([^}]*)}|\\{\\{|\\{([A-Za-z][A-Za-z0-9_.-]*)}");

  private sealed interface Part {
    record Text(String text) implements Part {}

    record Secret(String written, String value) implements Part {}

    record Place(String name) implements Part {}
  }

  private final List<Part> parts;

  private Template(List<Part> parts) {
    this.parts = parts;
  }

  /**
   * Reads a template.
   *
   * @param variables what {@code ${...}} stands for
   * @throws IllegalArgumentException where a variable is missing; says which
   */
  public static Template parse(String text, Function<String, Optional<String>> variables) {
    List<Part> parts = new ArrayList<>();
    Matcher place = PLACE.matcher(text);
    int at = 0;
    while (place.find()) {
      addText(parts, text.substring(at, place.start()));
      if (place.group(1) != null) {
        parts.add(secret(place.group(), place.group(1), variables));
      } else if (place.group(2) != null) {
        parts.add(new Part.Place(place.group(2)));
      } else {
        addText(parts, "{");
      }
      at = place.end();
    }
    addText(parts, text.substring(at));
    return new Template(List.copyOf(parts));
  }

  private static void addText(List<Part> parts, String text) {
    if (!text.isEmpty()) {
      parts.add(new Part.Text(text));
    }
  }

  private static Part secret(
      String written, String name, Function<String, Optional<String>> variables) {
    int fallback = name.indexOf(":-");
    String variable = fallback < 0 ? name : name.substring(0, fallback);
    Optional<String> value = variables.apply(variable);
    if (value.isEmpty() && fallback >= 0) {
      return new Part.Text(name.substring(fallback + 2));
    }
    return new Part.Secret(
        written,
        value.orElseThrow(
            () ->
                new IllegalArgumentException(
                    variable.startsWith("file:")
                        ? "the file " + variable.substring(5) + " can't be read"
                        : "the variable " + variable + " is not set")));
  }

  /** The names of the job's values that it needs. */
  public Set<String> places() {
    return parts.stream()
        .filter(Part.Place.class::isInstance)
        .map(part -> ((Part.Place) part).name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The text, with what {@code values} says of each place. */
  public String fill(UnaryOperator<String> values) {
    StringBuilder filled = new StringBuilder();
    for (Part part : parts) {
      filled.append(
          switch (part) {
            case Part.Text(String text) -> text;
            case Part.Secret(String _, String value) -> value;
            case Part.Place(String name) -> values.apply(name);
          });
    }
    return filled.toString();
  }

  /** The text without places: what stands in the file, secrets and all. */
  public String fill() {
    return fill(_ -> "");
  }

  /** The same with secrets as they are written: safe to show. */
  public Template masked() {
    return new Template(
        parts.stream()
            .map(
                part ->
                    part instanceof Part.Secret(String written, String _)
                        ? new Part.Text(written)
                        : part)
            .toList());
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** As it is written. */
  @Override
  public String toString() {
    return masked().fill(name -> '{' + name + '}');
  }

  /** The first constant text, up to the first place. */
  String beginning() {
    StringBuilder begun = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Part.Text(String text) -> begun.append(text);
        case Part.Secret(String _, String value) -> begun.append(value);
        case Part.Place _ -> {
          return begun.toString();
        }
      }
    }
    return begun.toString();
  }
}
