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
 * @param result what it was read as, where it came by a route, whose rules it needs
 */
public record StrayCallback(
    Optional<String> messageId, String detail, byte[] body, Optional<Result> result) {

  /** One of the default protocol. */
  StrayCallback(Optional<String> messageId, String detail, byte[] body) {
    this(messageId, detail, body, Optional.empty());
  }

  private static final int EXCERPT_BYTES = 4_096;
  private static final String FETCH = "no start response has named its id; its result is fetched";

  /** One that is only looked at. */
  static StrayCallback excerpt(Optional<String> messageId, String detail, byte[] body) {
    return new StrayCallback(
        messageId, detail, Arrays.copyOf(body, Math.min(body.length, EXCERPT_BYTES)));
  }

  /** One that only says where the result is. */
  static StrayCallback fetch(String url) {
    return new StrayCallback(Optional.empty(), FETCH, url.getBytes(UTF_8), Optional.empty());
  }

  /** What a note of it says. */
  public byte[] content() {
    JsonObject head = new JsonObject().put("detail", detail);
    messageId.ifPresent(id -> head.put("message_id", id));
    result.ifPresent(read -> head.put("failed", read.failed()).put("result_head", read.head()));
    return Note.content(head, body);
  }

  /** Reads a note. */
  public static StrayCallback of(Note note) {
    JsonObject head = note.head();
    Optional<String> messageId = Optional.ofNullable(head.getString("message_id"));
    Optional<Result> result =
        Optional.ofNullable(head.getString("result_head"))
            .map(fields -> new Result(note.body(), head.getBoolean("failed"), messageId, fields));
    return new StrayCallback(messageId, head.getString("detail", ""), note.body(), result);
  }

  /** What it says. */
  Heard heard() {
    if (detail.equals(FETCH)) {
      return new Heard.Fetch(Optional.empty(), new String(body, UTF_8), Optional.empty());
    }
    return result
        .<Heard>map(read -> new Heard.Finished(Optional.empty(), read))
        .orElseGet(() -> CallbackIntake.hear(body, messageId));
  }
}
