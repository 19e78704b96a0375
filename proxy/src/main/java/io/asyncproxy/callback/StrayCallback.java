package io.asyncproxy.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Result;
import io.asyncproxy.route.Heard;
import io.asyncproxy.store.Note;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Optional;

/**
 * A callback that is kept without a job: until its start is known, or to be looked at.
 *
 * @param messageId the id of its message, where it had one
 * @param detail why it is kept, for people
 * @param body its body, byte for byte; of those that are only looked at the beginning
 * @param readAs what it says, where it came by a route, whose rules that needs
 */
public record StrayCallback(
    Optional<String> messageId, String detail, byte[] body, Optional<Heard> readAs) {

  /** One of the default protocol. */
  StrayCallback(Optional<String> messageId, String detail, byte[] body) {
    this(messageId, detail, body, Optional.empty());
  }

  private static final int EXCERPT_BYTES = 4_096;

  /** One that is only looked at. */
  static StrayCallback excerpt(Optional<String> messageId, String detail, byte[] body) {
    return new StrayCallback(
        messageId, detail, Arrays.copyOf(body, Math.min(body.length, EXCERPT_BYTES)));
  }

  /** What a note of it says. */
  public byte[] content() {
    JsonObject head = new JsonObject().put("detail", detail);
    messageId.ifPresent(id -> head.put("message_id", id));
    readAs.ifPresent(
        heard -> {
          if (heard instanceof Heard.Finished(Optional<String> _, Result result)) {
            head.put("failed", result.failed()).put("result_head", result.head());
          } else {
            head.put("fetch", true);
          }
        });
    return Note.content(head, body);
  }

  /** Reads a note. */
  public static StrayCallback of(Note note) {
    JsonObject head = note.head();
    Optional<String> messageId = Optional.ofNullable(head.getString("message_id"));
    return new StrayCallback(
        messageId, head.getString("detail", ""), note.body(), readAs(head, note.body(), messageId));
  }

  private static Optional<Heard> readAs(JsonObject head, byte[] body, Optional<String> messageId) {
    if (head.getBoolean("fetch", false)) {
      return Optional.of(
          new Heard.Fetch(Optional.empty(), new String(body, UTF_8), Optional.empty()));
    }
    return Optional.ofNullable(head.getString("result_head"))
        .map(fields -> new Result(body, head.getBoolean("failed"), messageId, fields))
        .map(result -> new Heard.Finished(Optional.empty(), result));
  }

  /** What it says. */
  Heard heard() {
    return readAs.orElseGet(() -> CallbackIntake.hear(body, messageId));
  }
}
