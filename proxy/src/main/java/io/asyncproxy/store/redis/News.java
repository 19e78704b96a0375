package io.asyncproxy.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Result;
import java.util.Arrays;
import java.util.Optional;

/**
 * What {@link Scripts#APPLY} publishes once a job changed: the id, and where a small result is what
 * changed it, the state's digit and the result, so that nobody has to read it.
 *
 * @param state the new state, where it is known from the message
 * @param result the result that was stored, where it is known from the message
 */
record News(JobId id, Optional<JobState> state, Optional<Result> result) {
  private static final int ID_LENGTH = 36;

  /** Reads a message; empty where it is none of ours. */
  static Optional<News> read(byte[] message) {
    if (message.length < ID_LENGTH) {
      return Optional.empty();
    }
    return JobId.parse(new String(message, 0, ID_LENGTH, US_ASCII)).map(id -> read(id, message));
  }

  private static News read(JobId id, byte[] message) {
    if (message.length <= ID_LENGTH + 1) {
      return new News(id, Optional.empty(), Optional.empty());
    }
    JobState state = JobHash.state(String.valueOf((char) message[ID_LENGTH]));
    byte[] body = Arrays.copyOfRange(message, ID_LENGTH + 1, message.length);
    return new News(
        id, Optional.of(state), Optional.of(new Result(body, state == JobState.FAILED)));
  }
}
