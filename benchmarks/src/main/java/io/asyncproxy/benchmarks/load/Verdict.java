package io.asyncproxy.benchmarks.load;

import io.asyncproxy.benchmarks.wire.JobFields;
import java.io.UncheckedIOException;

/** What an answer is worth. */
sealed interface Verdict {
  /** The job's own result. */
  record Right() implements Verdict {}

  /** The result of another's job. */
  record Crossed() implements Verdict {}

  /** No result. */
  record Wrong(String why) implements Verdict {}

  /** Of a response to the request of {@code account}. */
  static Verdict of(int status, byte[] body, String account) {
    if (status != 200) {
      return new Wrong("status " + status);
    }
    try {
      JobFields result = JobFields.of(body);
      if (!result.state().equals("completed") || result.proof().isEmpty()) {
        return new Wrong("not completed");
      }
      return result.account().equals(account) ? new Right() : new Crossed();
    } catch (UncheckedIOException e) {
      return new Wrong("no JSON");
    }
  }
}
