package io.asyncproxy.route;

import io.asyncproxy.job.Result;
import java.util.Optional;

/** What an API says of a job, in a callback or when it is asked. */
public sealed interface Heard {

  /** The result. */
  record Finished(Optional<String> id, Result result) implements Heard {}

  /**
   * That there is a result, which has to be fetched.
   *
   * @param url where from, as far as the API said; empty where the route says
   * @param failure what the message itself says of a job that failed, which is the result where
   *     none can be fetched; empty where the job is done
   */
  record Fetch(Optional<String> id, String url, Optional<Result> failure) implements Heard {}

  /** That the job goes on; {@code body} says more. */
  record Progress(Optional<String> id, byte[] body) implements Heard {}

  /** Nothing that makes sense: {@code error} is a sentence for people. */
  record Nonsense(String error) implements Heard {}
}
