package io.asyncproxy.admin;

import io.asyncproxy.deadletter.DeadLetters;
import io.asyncproxy.http.ProblemException;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.loop.Batches;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Replays many dead letters. One that can't be replayed, as where its route is gone, is counted and
 * left where it is; the others are not its hostages. A store that does not answer ends it. Of one
 * request, on one event loop.
 */
final class BulkReplay {
  private static final int PAGE = 100;
  private static final int MOST_NAMED = 100;

  private final DeadLetters letters;
  private final InstantSource clock;
  private final Optional<Failure.Reason> reason;
  private Optional<JobId> before = Optional.empty();
  private int replayed;
  private int failed;
  private final JsonArray failures = new JsonArray();

  private BulkReplay(DeadLetters letters, InstantSource clock, Optional<Failure.Reason> reason) {
    this.letters = letters;
    this.clock = clock;
    this.reason = reason;
  }

  /** Replays all of them, or those of {@code reason}; what became of it. */
  static Future<JsonObject> of(
      DeadLetters letters, InstantSource clock, Optional<Failure.Reason> reason) {
    BulkReplay bulk = new BulkReplay(letters, clock, reason);
    return Batches.whileMore(bulk::page).map(_ -> bulk.json());
  }

  private Future<Boolean> page() {
    return letters
        .list(reason, before, PAGE)
        .compose(
            page -> {
              List<Future<?>> all = page.stream().<Future<?>>map(this::replay).toList();
              return Future.all(all)
                  .map(
                      _ -> {
                        before = page.isEmpty() ? before : Optional.of(page.getLast().id());
                        return page.size() == PAGE;
                      });
            });
  }

  private Future<?> replay(Job letter) {
    return Future.succeededFuture()
        .compose(_ -> letters.replay(letter, clock.instant()))
        .onSuccess(_ -> replayed++)
        .<Object>mapEmpty()
        .recover(
            failure -> {
              if (failure instanceof ProblemException cannot && cannot.problem().status() < 500) {
                leave(letter, cannot.problem().error());
                return Future.succeededFuture();
              }
              return Future.failedFuture(failure);
            });
  }

  private void leave(Job letter, String error) {
    failed++;
    if (failures.size() < MOST_NAMED) {
      failures.add(new JsonObject().put("id", letter.id().toString()).put("error", error));
    }
  }

  private JsonObject json() {
    return new JsonObject()
        .put("replayed", replayed)
        .put("failed", failed)
        .put("failures", failures);
  }
}
