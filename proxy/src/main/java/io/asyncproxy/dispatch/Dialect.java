package io.asyncproxy.dispatch;

import io.asyncproxy.job.Job;
import io.asyncproxy.route.Heard;
import io.asyncproxy.route.Message;
import io.asyncproxy.route.UnfitRequestException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** How one kind of job server is spoken to: pure. */
public interface Dialect {

  /**
   * The request that starts {@code job}.
   *
   * @throws UnfitRequestException where what the client sent does not fit
   */
  StartCall start(Job job, String callbackUrl) throws UnfitRequestException;

  /** How an attempt ended that was answered. */
  StartOutcome answer(int status, Message message, Instant now);

  /** Where to ask for {@code job}; empty where that can't be done. */
  Optional<Question> question(Job job);

  /** What the answer to a question says. */
  Heard status(int status, Message message);

  /** What was fetched as the result of a job. */
  Heard fetched(int status, Message message, boolean failed);

  /** The question that fetches the result of {@code job}; empty where that must not be. */
  Optional<Question> fetch(Job job, Heard.Fetch fetch);

  /**
   * A question.
   *
   * @param url what is asked for
   * @param headers the header fields
   */
  record Question(String url, Map<String, String> headers) {}
}
