package io.asyncproxy.settings;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a setting may be.
 *
 * @param allowed what is allowed, for people: "a duration from 1ms to 24h"
 * @param parser reads it; empty where it is not allowed
 * @param bare what its flag means without a value; empty where it needs one
 * @param <T> what it is read as
 */
public record SettingType<T>(
    String allowed, Function<String, Optional<T>> parser, Optional<String> bare) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
  private static final Pattern RATE = Pattern.compile("(\\d{1,9})\\s*/\\s*(s|m|h)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(B|KiB|MiB|GiB|)");

  /** One whose flag needs a value. */
  public SettingType(String allowed, Function<String, Optional<T>> parser) {
    this(allowed, parser, Optional.empty());
  }

  /** The same, where the flag alone means {@code value}. */
  public SettingType<T> withBareFlag(String value) {
    return new SettingType<>(allowed, parser, Optional.of(value));
  }

  /** A whole number in a range. */
  public static SettingType<Integer> number(int from, int to) {
    return new SettingType<>(
        to == Integer.MAX_VALUE
            ? "a whole number of at least " + from
            : "a whole number from %d to %d".formatted(from, to),
        text -> integer(text).filter(n -> n >= from && n <= to).map(Long::intValue));
  }

  private static Optional<Long> integer(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  /** {@code true} or {@code false}. */
  public static SettingType<Boolean> flag() {
    return new SettingType<Boolean>(
            "true or false",
            text ->
                text.equals("true") || text.equals("false")
                    ? Optional.of(text.equals("true"))
                    : Optional.empty())
        .withBareFlag("true");
  }

  /** A duration such as {@code 500ms}, in a range. */
  public static SettingType<Duration> duration(String from, String to) {
    Duration least = duration(from).orElseThrow();
    Duration most = duration(to).orElseThrow();
    return new SettingType<>(
        "a duration (ms, s, m, h, d) from %s to %s".formatted(from, to),
        text -> duration(text).filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0));
  }

  private static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }

  /** A size such as {@code 64KiB}, in bytes. */
  public static SettingType<Integer> size(String from, String to) {
    long least = size(from).orElseThrow();
    long most = size(to).orElseThrow();
    return new SettingType<>(
        "a size (B, KiB, MiB, GiB) from %s to %s".formatted(from, to),
        text -> size(text).filter(n -> n >= least && n <= most).map(Long::intValue));
  }

  private static Optional<Long> size(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit =
        switch (matcher.group(2)) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          default -> 1L;
        };
    return Optional.of(Long.parseLong(matcher.group(1)) * unit);
  }

  /** A share, from {@code 1%} to {@code 100%}. */
  public static SettingType<Integer> percent() {
    return new SettingType<>(
        "a share from 1% to 100%",
        text ->
            text.endsWith("%")
                ? integer(text.substring(0, text.length() - 1).strip())
                    .filter(n -> n >= 1 && n <= 100)
                    .map(Long::intValue)
                : Optional.empty());
  }

  /** A rate such as {@code 100/s}, or {@code off}. */
  public static SettingType<Rate> rate() {
    return new SettingType<>("off, or a rate such as 100/s, 600/m or 10000/h", SettingType::rate);
  }

  private static Optional<Rate> rate(String text) {
    if (text.equals("off")) {
      return Optional.of(Rate.OFF);
    }
    Matcher matcher = RATE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int seconds =
        switch (matcher.group(2)) {
          case "s" -> 1;
          case "m" -> 60;
          default -> 3_600;
        };
    int requests = Integer.parseInt(matcher.group(1));
    return requests == 0
        ? Optional.empty()
        : Optional.of(new Rate(requests, Duration.ofSeconds(seconds)));
  }

  /** An absolute http or https URL without a fragment. */
  public static SettingType<URI> httpUrl() {
    return new SettingType<>("an http or https URL", SettingType::httpUrl);
  }

  /** The same without a query: paths are put behind it. */
  public static SettingType<URI> httpBase() {
    return new SettingType<>(
        "an http or https URL without a query",
        text -> httpUrl(text).filter(url -> url.getRawQuery() == null));
  }

  private static Optional<URI> httpUrl(String text) {
    try {
      URI uri = URI.create(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean plain = uri.getHost() != null && uri.getFragment() == null && uri.getPort() <= 65_535;
      return http && plain ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException notAUrl) {
      return Optional.empty();
    }
  }

  /** One of a few words. */
  public static SettingType<String> oneOf(String... words) {
    return new SettingType<>(
        "one of " + String.join(", ", words),
        text -> Optional.of(text).filter(List.of(words)::contains));
  }

  /** Any text that is not empty. */
  public static SettingType<String> text(String allowed) {
    return new SettingType<>(allowed, text -> Optional.of(text).filter(t -> !t.isBlank()));
  }

  /** Text that matches {@code pattern}. */
  public static SettingType<String> text(String allowed, Pattern pattern) {
    return new SettingType<>(
        allowed, text -> Optional.of(text).filter(t -> pattern.matcher(t).matches()));
  }

  /** A list, separated by commas. */
  public static <T> SettingType<List<T>> listOf(SettingType<T> element) {
    return new SettingType<>(
        element.allowed() + ", or several of them separated by commas",
        text -> {
          List<Optional<T>> parsed =
              Arrays.stream(text.split(",", -1)).map(String::strip).map(element.parser()).toList();
          return parsed.stream().allMatch(Optional::isPresent)
              ? Optional.of(parsed.stream().map(Optional::orElseThrow).toList())
              : Optional.empty();
        });
  }
}
