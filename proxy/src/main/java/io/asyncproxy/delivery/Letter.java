package io.asyncproxy.delivery;

import io.asyncproxy.delivery.DeliveryState.Message;
import io.asyncproxy.http.JobView;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Result;
import io.asyncproxy.job.TraceContext;
import io.asyncproxy.store.Note;
import java.time.Instant;
import java.util.Optional;

/**
 * What is delivered to a client, and of which job.
 *
 * @param message what is sent
 * @param ended when the job ended
 * @param givenUpAs the state of a job that was given up, whose result may come after all
 * @param trace the trace that the job belongs to
 */
record Letter(
    JobId job,
    Message message,
    Instant ended,
    Optional<String> givenUpAs,
    Optional<TraceContext> trace) {

  /**
   * Of a job that has ended: its result, byte for byte; of one that was given up, what is known of
   * it, which is another message than a result that comes after all.
   */
  static Letter of(Job job, Instant now) {
    Optional<String> givenUpAs =
        job.state().isDeadLetter() ? Optional.of(job.state().label()) : Optional.empty();
    String id = "msg_" + job.id() + givenUpAs.map(state -> '_' + state).orElse("");
    byte[] body = job.result().map(Result::body).orElseGet(() -> JobView.json(job));
    return new Letter(
        job.id(),
        new Message(id, body),
        job.finishedAt().orElse(now),
        givenUpAs,
        job.submission().via().trace());
  }

  /**
   * What outlived its job, and the time in which it was to be delivered: it is once more, or for as
   * long as a process that has just begun tries such.
   */
  static Letter kept(Note note, Message message) {
    return new Letter(note.id(), message, Instant.EPOCH, Optional.empty(), Optional.empty());
  }
}
