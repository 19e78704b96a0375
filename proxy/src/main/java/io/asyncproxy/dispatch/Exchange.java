package io.asyncproxy.dispatch;

import io.asyncproxy.dispatch.StartOutcome.Invalid;
import io.asyncproxy.dispatch.StartOutcome.Unclear;
import io.asyncproxy.dispatch.StartOutcome.Unreachable;
import io.asyncproxy.loop.Deadline;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.route.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.OptionalInt;

/**
 * One attempt on its way: ends once, with what is known of it by then. Connections tell it what
 * they see; what comes after its end changes nothing.
 */
final class Exchange {

  /**
   * What all attempts of one loop have in common.
   *
   * @param settings the job server
   * @param dialect reads its answers
   * @param loop where they are made
   * @param clock the time that answers are read at
   * @param listener told of each end
   */
  record Terms(
      JobServerSettings settings,
      Dialect dialect,
      EventLoop loop,
      InstantSource clock,
      CallListener listener) {}

  private final StartCall call;
  private final Terms terms;
  private final Promise<StartOutcome> outcome;
  private final Deadline deadline;
  private final long began = System.nanoTime();
  private OptionalInt status = OptionalInt.empty();
  private Runnable breakOff = () -> {};
  private boolean sent;

  Exchange(StartCall call, Terms terms) {
    this.call = call;
    this.terms = terms;
    this.outcome = terms.loop().promise();
    this.deadline = terms.loop().deadlines().in(terms.settings().timeout(), this::timeOut);
  }

  Future<StartOutcome> outcome() {
    return outcome.future();
  }

  boolean isOver() {
    return outcome.future().isComplete();
  }

  StartCall call() {
    return call;
  }

  /** It is sent, and may arrive from now on; {@code how} breaks it off when its time is over. */
  void sending(Runnable how) {
    sent = true;
    breakOff = how;
  }

  void answered(int answered, Message message) {
    status = OptionalInt.of(answered);
    end(terms.dialect().answer(answered, message, terms.clock().instant()));
  }

  /** The answer is longer than it may be; {@code beginning} is what of it has come. */
  void tooLong(int answered, byte[] beginning) {
    status = OptionalInt.of(answered);
    int most = terms.settings().maxAnswerBytes();
    String reason = "The job server's answer is longer than " + most + " bytes";
    end(StartAnswer.invalid(answered, reason, beginning));
  }

  /** Nothing can be sent that has these header fields. */
  void unsendable() {
    end(new Invalid(OptionalInt.empty(), "The request can't be sent", ""));
  }

  void notConnected(Throwable why) {
    end(ConnectionFailure.beforeSending(why));
  }

  void broke(Throwable why) {
    end(ConnectionFailure.afterSending(why));
  }

  private void timeOut() {
    String within = " within " + terms.settings().timeout().toMillis() + " ms";
    end(
        sent
            ? new Unclear(OptionalInt.empty(), "The job server did not answer" + within)
            : new Unreachable("No connection to the job server" + within));
    breakOff.run();
  }

  private void end(StartOutcome how) {
    if (isOver()) {
      return;
    }
    deadline.cancel();
    String error = how.label().equals(StartOutcome.ACCEPTED) ? "" : how.label();
    long took = System.nanoTime() - began;
    terms.listener().called(call.method().name(), status, error, took);
    outcome.complete(how);
  }
}
