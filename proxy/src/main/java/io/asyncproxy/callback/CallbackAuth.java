package io.asyncproxy.callback;

import io.asyncproxy.signature.WebhookKey;
import java.util.List;
import java.util.Optional;

/**
 * What a callback has to prove.
 *
 * @param mode how a callback is matched with its job, and trusted
 * @param keys whose signatures are good, where {@link Mode#SIGNATURE} asks for one
 * @param authorization what the header {@code Authorization} must be in every mode, where it is set
 */
public record CallbackAuth(Mode mode, List<WebhookKey> keys, Optional<String> authorization) {

  /** The modes. */
  public enum Mode {
    /** By an unforgeable URL of its own for each job. */
    TOKEN,
    /** By the body's id, signed as Standard Webhooks 1.0 says. */
    SIGNATURE,
    /** By the body's id, whoever sends it. */
    NONE
  }

  /** Unforgeable URLs, and nothing else. */
  public static final CallbackAuth TOKENS =
      new CallbackAuth(Mode.TOKEN, List.of(), Optional.empty());

  /** Whether jobs are found by what the job server calls them. */
  public boolean isById() {
    return mode != Mode.TOKEN;
  }
}
