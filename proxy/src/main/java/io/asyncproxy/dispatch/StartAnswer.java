package io.asyncproxy.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.headers.RetryAfter;
import io.asyncproxy.json.InvalidJsonException;
import io.asyncproxy.json.JsonMembers;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What the job server's answer to a start means: pure. */
final class StartAnswer {
  private static final Set<String> ID = Set.of("id");
  private static final int EXCERPT_CHARS = 2048;

  private StartAnswer() {}

  static StartOutcome read(int status, Optional<String> retryAfter, byte[] body, Instant now) {
    return switch (status / 100) {
      case 2 -> accepted(status, body);
      case 4 ->
          status == 429
              ? new StartOutcome.Busy(status, RetryAfter.parse(retryAfter, now))
              : new StartOutcome.Refused(status, excerpt(body));
      case 5 ->
          status == 503
              ? new StartOutcome.Busy(status, RetryAfter.parse(retryAfter, now))
              : new StartOutcome.Unclear(OptionalInt.of(status), "said " + status);
      default -> invalid(status, "The job server answered with status " + status, body);
    };
  }

  private static StartOutcome accepted(int status, byte[] body) {
    try {
      return new StartOutcome.Accepted(JsonMembers.read(body, ID).string("id"));
    } catch (InvalidJsonException nonsense) {
      return invalid(status, "The job server's answer is not a JSON object", body);
    }
  }

  /** Where jobs are found by what the job server calls them, it has to call them something. */
  static StartOutcome requireId(StartOutcome read, int status, byte[] body) {
    boolean named = !(read instanceof StartOutcome.Accepted(Optional<String> id)) || id.isPresent();
    return named ? read : invalid(status, "The job server's answer has no id", body);
  }

  static StartOutcome invalid(int status, String reason, byte[] body) {
    return new StartOutcome.Invalid(OptionalInt.of(status), reason, excerpt(body));
  }

  static String excerpt(byte[] body) {
    String text = new String(body, 0, Math.min(body.length, 4 * EXCERPT_CHARS), UTF_8);
    return text.length() <= EXCERPT_CHARS ? text : text.substring(0, EXCERPT_CHARS);
  }
}
