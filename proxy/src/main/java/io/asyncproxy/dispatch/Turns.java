package io.asyncproxy.dispatch;

import io.asyncproxy.job.JobId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * So many jobs are asked for at once, and the others in turn. Who waits is known by its id alone,
 * and waits once. Thread-safe.
 */
final class Turns {
  private static final int MOST_WAITING = 50_000;

  private final int atOnce;
  private final LinkedHashMap<JobId, Lane> waiting = new LinkedHashMap<>();
  private int underWay;

  Turns(int atOnce) {
    this.atOnce = atOnce;
  }

  /** Whether it is the turn of {@code job}; if not it waits, unless too many do. */
  synchronized boolean begin(JobId job, Lane lane) {
    if (underWay < atOnce) {
      underWay++;
      return true;
    }
    if (waiting.size() < MOST_WAITING) {
      waiting.putIfAbsent(job, lane);
    }
    return false;
  }

  /** One is done: whose turn it is instead. */
  synchronized Optional<Map.Entry<JobId, Lane>> next() {
    Map.Entry<JobId, Lane> next = waiting.pollFirstEntry();
    if (next == null) {
      underWay--;
    }
    return Optional.ofNullable(next);
  }
}
