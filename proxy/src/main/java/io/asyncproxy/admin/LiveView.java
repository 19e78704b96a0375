package io.asyncproxy.admin;

import io.asyncproxy.http.JobView;
import io.asyncproxy.telemetry.LivePoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How the service does, for who looks at it now.
 *
 * @param node this node, as in the list of nodes
 * @param at now
 * @param held requests held
 * @param heldMost how many there is room for
 * @param inFlight unfinished jobs in the store; -1 where that is not known
 * @param waiting jobs that wait for their turn
 * @param deadLetters jobs that were given up; -1 where that is not known
 * @param circuit closed, half_open or open
 * @param pace starts a second at most; infinite where nothing limits them
 * @param points the last seconds, oldest first
 * @param accounts those with the most waiting jobs, and how many, the most first
 */
public record LiveView(
    JsonObject node,
    Instant at,
    int held,
    int heldMost,
    long inFlight,
    int waiting,
    long deadLetters,
    String circuit,
    double pace,
    List<LivePoint> points,
    List<Map.Entry<String, Integer>> accounts) {

  JsonObject json() {
    JsonObject now =
        new JsonObject()
            .put("at", JobView.time(at))
            .put("held", held)
            .put("held_max", heldMost)
            .put("in_flight", known(inFlight))
            .put("waiting", waiting)
            .put("dead_letters", known(deadLetters))
            .put("circuit", circuit)
            .put("pace", Double.isInfinite(pace) ? null : rounded(pace));
    JsonArray series = new JsonArray();
    points.forEach(point -> series.add(json(point)));
    JsonArray busiest = new JsonArray();
    accounts.forEach(
        account ->
            busiest.add(
                new JsonObject()
                    .put("account", account.getKey())
                    .put("waiting", account.getValue())));
    return new JsonObject()
        .put("node", node)
        .put("now", now)
        .put("points", series)
        .put("accounts", busiest);
  }

  private static JsonObject json(LivePoint point) {
    return new JsonObject()
        .put("at", JobView.time(point.at()))
        .put("held", point.held())
        .put("in_flight", known(point.inFlight()))
        .put("waiting", point.waiting())
        .put("accepted", rounded(point.accepted()))
        .put("ended", rounded(point.ended()))
        .put("failed", rounded(point.failed()))
        .put("callbacks", rounded(point.callbacks()))
        .put("added_p50", seconds(point.addedP50()))
        .put("added_p99", seconds(point.addedP99()))
        .put("job_p50", seconds(point.jobP50()))
        .put("job_p99", seconds(point.jobP99()));
  }

  private static @org.jspecify.annotations.Nullable Long known(long count) {
    return count < 0 ? null : count;
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }

  /** To the microsecond. */
  private static @org.jspecify.annotations.Nullable Double seconds(OptionalDouble value) {
    return value.isEmpty() ? null : Math.round(value.getAsDouble() * 1e6) / 1e6;
  }
}
