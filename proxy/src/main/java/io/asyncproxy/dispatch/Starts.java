package io.asyncproxy.dispatch;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * One event loop's connections for starts. Each call is sent once, on a connection of its own as
 * long as it lasts; only used on that loop.
 */
interface Starts {
  /**
   * How long an idle connection is used again: shorter than the job servers we know keep them
   * (Node.js: 5 s), as one that they close while a start is on its way makes that start unclear.
   */
  Duration LONGEST_IDLE = Duration.ofSeconds(4);

  /**
   * Makes one attempt; says how it ended, at the latest when its time is over, and never fails.
   *
   * @throws IllegalStateException when the connections are closed
   */
  Future<StartOutcome> start(StartCall call);

  /** Closes the connections; what is on its way on them ends as unclear. */
  Future<Void> close();
}
