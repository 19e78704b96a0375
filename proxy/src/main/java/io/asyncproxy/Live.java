package io.asyncproxy;

import io.asyncproxy.admin.LiveView;
import io.asyncproxy.dispatch.Dispatcher;
import io.asyncproxy.hold.Holds;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.store.Counts;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.telemetry.LiveSeries;
import io.asyncproxy.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Looks at this process each second, and shows what it saw. Used on one loop, but for the view. */
final class Live {
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** Counting costs the store more, the more it holds: so often while nobody looks. */
  private static final int UNWATCHED_EVERY = 10;

  private static final Duration WATCHED = Duration.ofSeconds(10);
  private static final Counts NOTHING_KNOWN = new Counts(-1, -1);
  private static final int ACCOUNTS = 10;

  /** What is looked at; {@code backends} are all that jobs are started by. */
  record Subjects(
      JobStore store,
      Holds holds,
      Supplier<List<Backend>> backends,
      Supplier<JsonObject> node,
      InstantSource clock) {}

  private final Subjects subjects;
  private final LiveSeries series;
  private volatile Counts counts = NOTHING_KNOWN;
  private volatile Instant lookedAt = Instant.MIN;
  private int seconds;

  Live(Subjects subjects, Metrics metrics) {
    this.subjects = subjects;
    this.series = new LiveSeries(metrics, subjects.clock().instant());
  }

  /** Goes on until the loop ends. */
  void start(EventLoop loop) {
    loop.execute(() -> loop.deadlines().in(EVERY, () -> look(loop)));
  }

  private void look(EventLoop loop) {
    count()
        .onSuccess(
            found -> {
              counts = found;
              series.add(
                  subjects.clock().instant(),
                  subjects.holds().count(),
                  found.unfinished(),
                  waiting());
            })
        .onComplete(_ -> start(loop));
  }

  private Future<Counts> count() {
    boolean isWatched = subjects.clock().instant().minus(WATCHED).isBefore(lookedAt);
    return isWatched || seconds++ % UNWATCHED_EVERY == 0
        ? subjects.store().counts().otherwise(NOTHING_KNOWN)
        : Future.succeededFuture(counts);
  }

  private int waiting() {
    return subjects.backends().get().stream()
        .mapToInt(backend -> backend.dispatcher().waiting())
        .sum();
  }

  /** What is seen now, with the last {@code points} seconds. */
  LiveView view(int points) {
    Instant now = subjects.clock().instant();
    lookedAt = now;
    Dispatcher main = subjects.backends().get().getFirst().dispatcher();
    return new LiveView(
        subjects.node().get(),
        now,
        subjects.holds().count(),
        subjects.holds().most(),
        counts.unfinished(),
        waiting(),
        counts.deadLetters(),
        main.circuitLabel(),
        main.pace(),
        series.last(points),
        main.busiest(ACCOUNTS));
  }
}
