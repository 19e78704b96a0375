package io.asyncproxy.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The last minutes of this process, a point for each second, so that who opens a chart sees how it
 * came to this. Thread-safe.
 */
public final class LiveSeries {
  /** How many points are kept: five minutes. */
  public static final int MOST = 300;

  private final ArrayDeque<LivePoint> points = new ArrayDeque<>();
  private final Metrics metrics;
  private Totals before;
  private Instant beforeAt;

  /** A series of what {@code metrics} count from {@code now} on. */
  public LiveSeries(Metrics metrics, Instant now) {
    this.metrics = metrics;
    this.before = metrics.totals();
    this.beforeAt = now;
  }

  /** Another second is over. */
  public synchronized void add(Instant now, int held, long inFlight, int waiting) {
    Totals totals = metrics.totals();
    double seconds = Math.max(.001, Duration.between(beforeAt, now).toNanos() / 1e9);
    Histogram added = totals.added().since(before.added());
    Histogram jobs = totals.jobs().since(before.jobs());
    points.addLast(
        new LivePoint(
            now,
            held,
            inFlight,
            waiting,
            (totals.accepted() - before.accepted()) / seconds,
            (totals.ended() - before.ended()) / seconds,
            (totals.failed() - before.failed()) / seconds,
            (totals.callbacks() - before.callbacks()) / seconds,
            added.quantile(.5),
            added.quantile(.99),
            jobs.quantile(.5),
            jobs.quantile(.99)));
    if (points.size() > MOST) {
      points.removeFirst();
    }
    before = totals;
    beforeAt = now;
  }

  /** The last {@code most} points, oldest first. */
  public synchronized List<LivePoint> last(int most) {
    List<LivePoint> all = new ArrayList<>(points);
    return all.subList(Math.max(0, all.size() - most), all.size());
  }
}
