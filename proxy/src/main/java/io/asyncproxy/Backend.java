package io.asyncproxy;

import io.asyncproxy.callback.CallbackRoute;
import io.asyncproxy.dispatch.CallListener;
import io.asyncproxy.dispatch.Dialect;
import io.asyncproxy.dispatch.Dispatcher;
import io.asyncproxy.dispatch.JobServerClient;
import io.asyncproxy.dispatch.JobServerSettings;
import io.asyncproxy.dispatch.Lane;
import io.asyncproxy.dispatch.OverdueJobs;
import io.asyncproxy.hold.HoldSettings;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.Submission;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.route.Heard;
import io.asyncproxy.route.Route;
import io.asyncproxy.route.RouteReading;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.sweep.Sweeper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** One job server, or the API of one route, and all that is of it alone. Thread-safe. */
final class Backend {
  /**
   * What it is made of.
   *
   * @param route its route; empty for the job server of {@code /proxy}
   * @param settings how much of it is used
   * @param dialect how it is spoken to
   * @param hold how long its clients are held
   * @param terms how long its jobs may take, and whether they may be started twice
   * @param dispatcher starts its jobs
   * @param overdue looks after those that are late
   * @param calls told of what is sent to it
   */
  record Parts(
      Optional<Route> route,
      JobServerSettings settings,
      Dialect dialect,
      HoldSettings hold,
      Sweeper.Terms terms,
      Dispatcher dispatcher,
      OverdueJobs overdue,
      CallListener calls) {}

  private final Vertx vertx;
  private final InstantSource clock;
  private final Parts parts;
  private final Supplier<EventLoop> anyLoop;
  private final ConcurrentHashMap<EventLoop, Lane> lanes = new ConcurrentHashMap<>();
  private final Optional<CallbackRoute> callbacks;

  /** A backend; {@code anyLoop} gives an event loop to work on, each time another one. */
  Backend(Vertx vertx, InstantSource clock, Parts parts, Supplier<EventLoop> anyLoop) {
    this.vertx = vertx;
    this.clock = clock;
    this.parts = parts;
    this.anyLoop = anyLoop;
    this.callbacks = parts.route().map(this::callbacks);
  }

  private CallbackRoute callbacks(Route route) {
    return new CallbackRoute(
        route.name(),
        route.callback().byId(),
        route.callback().check(),
        new RouteReading(route)::callback,
        this::fetch);
  }

  /** Connections and deadlines are of one loop, and callbacks come in on any. */
  private Future<Heard> fetch(Job job, Heard.Fetch fetch) {
    Lane lane = lane(anyLoop.get());
    Promise<Heard> fetched = Promise.promise();
    lane.loop().execute(() -> parts.overdue().fetch(job, fetch, lane).onComplete(fetched));
    return fetched.future();
  }

  /** How its callbacks are read, where that is not the default. */
  Optional<CallbackRoute> callbacks() {
    return callbacks;
  }

  /** Keeps a new job and starts it, on the loop of the connections that it is sent by. */
  Future<Acceptance> submit(Submission submission) {
    EventLoop loop = anyLoop.get();
    Promise<Acceptance> kept = Promise.promise();
    loop.execute(() -> parts.dispatcher().submit(submission, lane(loop)).onComplete(kept));
    return kept.future();
  }

  /** Starts {@code job}, which is due again. */
  void resume(Job job) {
    parts.dispatcher().resume(job, lane(anyLoop.get()));
  }

  /** Looks after {@code job}, whose callback is late. */
  void lookAfter(Job job) {
    parts.overdue().look(job, lane(anyLoop.get()));
  }

  Parts parts() {
    return parts;
  }

  Dispatcher dispatcher() {
    return parts.dispatcher();
  }

  /** Where its attempts of {@code loop} are made. */
  Lane lane(EventLoop loop) {
    return lanes.computeIfAbsent(
        loop,
        of ->
            new Lane(
                of,
                new JobServerClient(
                    vertx, parts.settings(), parts.dialect(), of, clock, parts.calls())));
  }

  /** How long until every attempt that is on its way has ended. */
  Duration longestAttempt() {
    return parts.settings().timeout();
  }

  /** Its connections are closed; nothing may be on its way any more. */
  Future<Void> closeConnections() {
    List<Future<Void>> closed = lanes.values().stream().map(lane -> lane.client().close()).toList();
    return Future.join(closed).mapEmpty();
  }
}
