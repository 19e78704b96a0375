package io.asyncproxy.job;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where something belongs in a trace (W3C Trace Context, level 1).
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param flags 2 lower-case hexadecimal digits
 * @param state the list of vendors' entries, passed on as it came; empty where there was none
 */
public record TraceContext(String traceId, String spanId, String flags, String state) {
  private static final Pattern VERSION_0 =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final Pattern LATER =
      Pattern.compile(
          "(?!00|ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");
  private static final Pattern STATE = Pattern.compile("[\\t -~]{0,512}");

  /**
   * Reads the header fields {@code traceparent} and {@code tracestate}; empty where the former is
   * missing or makes no sense. Of versions to come the parts that are known are read (section 4.3);
   * a {@code tracestate} that is too long to be passed on is left out.
   */
  public static Optional<TraceContext> parse(@Nullable String parent, @Nullable String state) {
    if (parent == null
        || !(VERSION_0.matcher(parent).matches() || LATER.matcher(parent).matches())) {
      return Optional.empty();
    }
    return Optional.of(
        new TraceContext(
            parent.substring(3, 35),
            parent.substring(36, 52),
            parent.substring(53, 55),
            state != null && STATE.matcher(state).matches() ? state : ""));
  }

  /** The header field {@code traceparent}. */
  public String parent() {
    return "00-" + traceId + '-' + spanId + '-' + flags;
  }

  /** Whether it is recorded. */
  public boolean isSampled() {
    return (Character.digit(flags.charAt(1), 16) & 1) == 1;
  }

  /** One text for both header fields. */
  public String text() {
    return state.isEmpty() ? parent() : parent() + '\n' + state;
  }

  /** What {@link #text} was the text of. */
  public static Optional<TraceContext> ofText(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    int end = text.indexOf('\n');
    return end < 0 ? parse(text, null) : parse(text.substring(0, end), text.substring(end + 1));
  }
}
