package io.asyncproxy;

import io.asyncproxy.callback.CallbackHandler;
import io.asyncproxy.callback.CallbackIntake;
import io.asyncproxy.callback.CallbackRoute;
import io.asyncproxy.callback.CallbackToken;
import io.asyncproxy.callback.Correlation;
import io.asyncproxy.callback.Rejections;
import io.asyncproxy.dispatch.StartListener;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.route.Route;
import io.asyncproxy.store.JobStore;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The side where the job server calls back: its parts, and what finding jobs by id adds to it. */
final class CallbackSide {
  /** How long a start response may be behind its callback, beyond the time of an attempt. */
  private static final Duration EARLY_AT_MOST = Duration.ofSeconds(30);

  /** By how much callbacks commonly overtake their start responses. */
  private static final Duration OVERTAKEN_BY = Duration.ofMillis(50);

  private final ProxySettings settings;
  private final CallbackToken tokens;
  private final JobStore store;
  private final InstantSource clock;
  private final Observers observers;
  private final CallbackIntake intake;
  private final Correlation correlation;

  /** A side whose later actions run on {@code loop}; attempts take {@code longestAttempt}. */
  CallbackSide(
      ProxySettings settings,
      CallbackToken tokens,
      JobStore store,
      InstantSource clock,
      EventLoop loop,
      Supplier<Duration> longestAttempt,
      Observers observers) {
    this.settings = settings;
    this.tokens = tokens;
    this.store = store;
    this.clock = clock;
    this.observers = observers;
    this.intake = new CallbackIntake(tokens, store, settings.lifetimes(), clock, observers);
    this.correlation =
        new Correlation(
            new Correlation.Surroundings(
                store.notes(),
                intake,
                clock,
                new SecureRandom(),
                settings.lifetimes(),
                patience(store),
                () -> longestAttempt.get().plus(EARLY_AT_MOST),
                loop::later,
                observers.metrics()::orphaned));
  }

  CallbackIntake intake() {
    return intake;
  }

  /** What callbacks go through; {@code routes} are those that have rules of their own. */
  CallbackHandler.Services services(Function<String, Optional<CallbackRoute>> routes) {
    Rejections rejections =
        new Rejections(
            store.notes(), clock, settings.lifetimes().deadLetterRetention(), new SecureRandom());
    return new CallbackHandler.Services(
        settings.callbackAuth(), intake, correlation, rejections, routes, observers, clock);
  }

  /** Where {@code job} is called back, below {@code base}. */
  String url(String base, Optional<Route> route, JobId job) {
    String name = route.map(Route::name).orElse("");
    if (isById(route)) {
      return name.isEmpty() ? base : base + '/' + name;
    }
    return base + '/' + tokens.of(job, name);
  }

  /** Who hears of attempts: metrics, and who has to know what the job server calls each job. */
  StartListener starts(Optional<Route> route, Lifetimes lifetimes) {
    return isById(route) ? new StartsById(correlation, lifetimes, observers) : observers;
  }

  /** A job was given up; {@code anyById}: jobs of some routes are found by id. */
  void givenUp(JobId job, boolean anyById) {
    if (anyById || isById(Optional.empty())) {
      store.find(job).onSuccess(found -> found.ifPresent(correlation::givenUp));
    }
  }

  /** Looks at what came early; in every mode, since there may have been another one before. */
  Future<Void> lookAtEarly() {
    return correlation.lookAtEarly();
  }

  /** How many callbacks and the names of their jobs are being brought together now. */
  int underWay() {
    return correlation.underWay();
  }

  /**
   * How long a callback that nobody here knows waits for its start response: where nodes share the
   * store it is another one's more often than early, and would wait in vain.
   */
  static Duration patience(JobStore store) {
    return store.isShared() ? Duration.ZERO : OVERTAKEN_BY;
  }

  /** Whether callbacks name jobs by the job server's ids. */
  boolean isById(Optional<Route> route) {
    return route.map(of -> of.callback().byId()).orElseGet(() -> settings.callbackAuth().isById());
  }
}
