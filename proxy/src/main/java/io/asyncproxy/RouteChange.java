package io.asyncproxy;

import io.asyncproxy.job.JobId;
import io.asyncproxy.route.Route;
import io.asyncproxy.route.Routes;
import io.asyncproxy.store.JobStore;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes that change while jobs run: those that have changed begin anew, what waits for its start
 * at the old ones is taken over, and held requests stay held.
 *
 * @param vertx where it waits
 * @param store where the jobs are
 * @param backends what changes
 * @param drain waits for attempts that are on their way
 */
record RouteChange(Vertx vertx, JobStore store, Backends backends, Drain drain) {
  private static final Logger LOG = LoggerFactory.getLogger(RouteChange.class);

  /** Who found an old backend before may for so long be about to make an attempt. */
  private static final Duration SETTLES = Duration.ofSeconds(60);

  /** From now on there are {@code routes}. */
  void to(Routes routes) {
    for (Backend gone : backends.change(routes)) {
      gone.dispatcher().stop().forEach(this::takeOver);
      vertx
          .timer(SETTLES.toMillis())
          .onSuccess(_ -> drain.attempts(List.of(gone)).onComplete(_ -> gone.closeConnections()));
    }
    LOG.info("Routes: {}", routes.all().stream().map(Route::name).toList());
  }

  /** Where it can't be read it stays leased, and the sweeper brings it when that is over. */
  void takeOver(JobId id) {
    store
        .find(id)
        .onSuccess(found -> found.ifPresent(backends::resume))
        .onFailure(
            failure -> LOG.warn("Job {} waits for its lease to end: {}", id, failure.getMessage()));
  }
}
