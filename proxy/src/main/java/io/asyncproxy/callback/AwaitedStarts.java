package io.asyncproxy.callback;

import io.asyncproxy.job.JobId;
import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Callbacks that overtook their start responses by a little, which spares writing them twice.
 * Nobody was told that they are kept: what ends here by a crash is sent again. Thread-safe.
 */
final class AwaitedStarts {
  private static final int MOST = 1_000;

  private final Map<String, List<Promise<Optional<JobId>>>> waiting = new HashMap<>();
  private int count;

  /** Told the job of {@code name} once that is known; empty where too many wait already. */
  synchronized Optional<Promise<Optional<JobId>>> await(String name) {
    if (count == MOST) {
      return Optional.empty();
    }
    count++;
    Promise<Optional<JobId>> promise = EventLoop.promiseHere();
    waiting.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(promise);
    return Optional.of(promise);
  }

  /** {@code name} is that of {@code job}. */
  void known(String name, JobId job) {
    for (Promise<Optional<JobId>> promise : take(name)) {
      promise.tryComplete(Optional.of(job));
    }
  }

  private synchronized List<Promise<Optional<JobId>>> take(String name) {
    List<Promise<Optional<JobId>>> known = waiting.remove(name);
    if (known == null) {
      return List.of();
    }
    count -= known.size();
    return known;
  }

  /** The time of {@code promise} is over. */
  void giveUp(String name, Promise<Optional<JobId>> promise) {
    forget(name, promise);
    promise.tryComplete(Optional.empty());
  }

  private synchronized void forget(String name, Promise<Optional<JobId>> promise) {
    List<Promise<Optional<JobId>>> others = waiting.get(name);
    if (others != null && others.remove(promise)) {
      count--;
      if (others.isEmpty()) {
        waiting.remove(name);
      }
    }
  }
}
