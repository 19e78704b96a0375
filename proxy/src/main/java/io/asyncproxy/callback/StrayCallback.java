package io.asyncproxy.callback;

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
 */
public record StrayCallback(Optional<String> messageId, String detail, byte[] body) {

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
    return Note.content(head, body);
  }

  /** Reads a note. */
  public static StrayCallback of(Note note) {
    JsonObject head = note.head();
    return new StrayCallback(
        Optional.ofNullable(head.getString("message_id")),
        head.getString("detail", ""),
        note.body());
  }
}
