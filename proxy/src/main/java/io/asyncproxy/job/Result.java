package io.asyncproxy.job;

import java.util.Optional;

/**
 * What the job server sent to the callback.
 *
 * @param body the JSON object, byte for byte
 * @param failed whether its own {@code state} says that the job failed
 * @param messageId the id of the message that brought it (Standard Webhooks), where it had one
 */
public record Result(byte[] body, boolean failed, Optional<String> messageId) {

  /** A result whose message had no id. */
  public Result(byte[] body, boolean failed) {
    this(body, failed, Optional.empty());
  }
}
