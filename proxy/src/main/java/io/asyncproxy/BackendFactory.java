package io.asyncproxy;

import io.asyncproxy.callback.Receipt;
import io.asyncproxy.dispatch.DefaultDialect;
import io.asyncproxy.dispatch.Dialect;
import io.asyncproxy.dispatch.Dispatcher;
import io.asyncproxy.dispatch.JobServerSettings;
import io.asyncproxy.dispatch.NextStep;
import io.asyncproxy.dispatch.OverdueJobs;
import io.asyncproxy.dispatch.OverdueJobs.Questions;
import io.asyncproxy.dispatch.RetryPolicy;
import io.asyncproxy.dispatch.RouteDialect;
import io.asyncproxy.hold.HoldSettings;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.route.Route;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.sweep.Sweeper;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Makes backends.
 *
 * @param settings what is said for {@code /proxy}
 * @param vertx where they live
 * @param clock the time that is stored
 * @param store where the jobs are
 * @param callbacks where they call back
 * @param callbackBase the URL that callback URLs begin with, once it is known
 * @param sweeping the loop of the sweeper
 * @param wakeSweeper told when a job is due again
 * @param elsewhere takes jobs that come to a backend after its end
 * @param anyLoop an event loop to work on, each time another one
 * @param observers hear of attempts
 */
record BackendFactory(
    ProxySettings settings,
    Vertx vertx,
    InstantSource clock,
    JobStore store,
    CallbackSide callbacks,
    Supplier<String> callbackBase,
    EventLoop sweeping,
    Consumer<Instant> wakeSweeper,
    Consumer<JobId> elsewhere,
    Supplier<EventLoop> anyLoop,
    Observers observers) {

  /** How a backend differs from another. */
  private record Kind(
      Optional<Route> route,
      JobServerSettings jobServer,
      RetryPolicy retry,
      Lifetimes lifetimes,
      HoldSettings hold,
      Questions questions) {}

  /** That of {@code /proxy}. */
  Backend main() {
    Dialect dialect = new DefaultDialect(settings.jobServer(), settings.retry().idempotent());
    boolean canBeAsked = settings.jobServer().statusUrl().isPresent();
    return of(
        new Kind(
            Optional.empty(),
            settings.jobServer(),
            settings.retry(),
            settings.lifetimes(),
            settings.hold(),
            new Questions(dialect, canBeAsked, Optional.empty())));
  }

  /** That of {@code route}. */
  Backend of(Route route) {
    RouteBackends rules = new RouteBackends(settings);
    Dialect dialect = new RouteDialect(route, rules.retry(route).idempotent());
    Optional<Duration> every = route.status().flatMap(Route.StatusRule::every);
    return of(
        new Kind(
            Optional.of(route),
            rules.jobServer(route),
            rules.retry(route),
            rules.lifetimes(route),
            rules.hold(route),
            new Questions(dialect, route.status().isPresent(), every)));
  }

  private Backend of(Kind kind) {
    OverdueJobs overdue = overdue(kind);
    RandomGenerator jitter = () -> ThreadLocalRandom.current().nextLong();
    Dispatcher dispatcher =
        new Dispatcher(
            kind.jobServer(),
            new NextStep(kind.retry(), kind.lifetimes(), jitter),
            new Dispatcher.Surroundings(
                store,
                clock,
                callbacks.isById(kind.route()),
                job -> callbacks.url(callbackBase.get(), kind.route(), job),
                wakeSweeper,
                sweeping::later,
                overdue::lookAfter,
                elsewhere,
                callbacks.starts(kind.route(), kind.lifetimes()),
                observers.tracing()));
    Backend.Parts parts =
        new Backend.Parts(
            kind.route(),
            kind.jobServer(),
            kind.questions().dialect(),
            kind.hold(),
            new Sweeper.Terms(kind.lifetimes(), kind.retry().idempotent(), true),
            dispatcher,
            overdue,
            observers.metrics().calls(kind.jobServer().url().getHost(), kind.jobServer().port()));
    return new Backend(vertx, clock, parts, anyLoop);
  }

  private OverdueJobs overdue(Kind kind) {
    return new OverdueJobs(
        kind.questions(),
        new OverdueJobs.Surroundings(
            store,
            clock,
            kind.lifetimes(),
            kind.route().isPresent() ? Optional::empty : callbacks.intake().times()::overdueAfter,
            (job, result, id) -> callbacks.intake().finish(job, result, id).map(Receipt::isTaken),
            observers.metrics()::overdue));
  }
}
