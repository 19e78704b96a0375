package io.asyncproxy.api;

import io.asyncproxy.hold.Hold;
import io.asyncproxy.hold.Holds;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.Request;
import io.asyncproxy.job.JobId;
import io.asyncproxy.loop.EventLoop;
import java.time.Duration;

/** Holding a client's request: for a time, while there is room, and while the client is there. */
final class HeldRequest {
  private HeldRequest() {}

  /** There is no room for another one. */
  static Problem noRoom() {
    return Problem.of(503, "Too many held requests").with("retryable", true).retryAfter(1);
  }

  /**
   * Holds {@code request}; fails with 503 where there is no room. {@code left}: its client has
   * gone.
   */
  static Hold hold(
      Holds holds, JobId job, Duration time, EventLoop loop, Request request, Runnable left) {
    Hold hold = holds.hold(job, time, loop).orElseThrow(() -> noRoom().exception());
    if (request.isClosed()) {
      leave(hold, left);
    } else {
      request.onClosed(() -> leave(hold, left));
    }
    return hold;
  }

  private static void leave(Hold hold, Runnable left) {
    if (hold.leave()) {
      left.run();
    }
  }
}
