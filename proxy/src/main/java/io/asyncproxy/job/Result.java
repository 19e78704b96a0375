package io.asyncproxy.job;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the job server sent to the callback.
 *
 * @param body the result, byte for byte; a JSON object where {@code head} is empty
 * @param failed whether its own {@code state} says that the job failed
 * @param messageId the id of the message that brought it (Standard Webhooks), where it had one
 * @param head the header fields that clients get with it, a line each; empty for plain JSON
 */
public record Result(byte[] body, boolean failed, Optional<String> messageId, String head) {
  /** Of a JSON object, which needs no header fields. */
  public static final String NO_HEAD = "";

  /** A JSON object. */
  public Result(byte[] body, boolean failed, Optional<String> messageId) {
    this(body, failed, messageId, NO_HEAD);
  }

  /** The media type where it is another than plain JSON. */
  public Optional<String> contentType() {
    return Optional.ofNullable(fields().get("content-type"));
  }

  /** The header fields that clients get with it, by their names in lower case. */
  public Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : head.split("\n")) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return fields;
  }

  /** A JSON object whose message had no id. */
  public Result(byte[] body, boolean failed) {
    this(body, failed, Optional.empty());
  }
}
