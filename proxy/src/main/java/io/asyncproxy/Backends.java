package io.asyncproxy;

import io.asyncproxy.callback.CallbackRoute;
import io.asyncproxy.dispatch.Dispatcher;
import io.asyncproxy.http.Problem;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.job.Submission;
import io.asyncproxy.route.Route;
import io.asyncproxy.route.Routes;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.sweep.Sweeper;
import io.asyncproxy.telemetry.RouteState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The job server of {@code /proxy}, and those of the routes, which may change while jobs run. What
 * a request or a job finds stays as it is until it ends. Thread-safe.
 */
final class Backends {
  private final Backend main;
  private final Function<Route, Backend> make;
  private volatile Table table = new Table(Routes.NONE, Map.of());

  private record Table(Routes routes, Map<String, Backend> byName) {}

  /** {@code main} and no routes yet; {@code make} makes the backend of one. */
  Backends(Backend main, Function<Route, Backend> make) {
    this.main = main;
    this.make = make;
  }

  Backend main() {
    return main;
  }

  Routes routes() {
    return table.routes();
  }

  /** The backend of the route called {@code name}; of none where that is empty. */
  Optional<Backend> named(String name) {
    return name.isEmpty() ? Optional.of(main) : Optional.ofNullable(table.byName().get(name));
  }

  /** Where {@code job} belongs; empty where this node has no such route. */
  Optional<Backend> of(Job job) {
    return named(job.submission().via().route());
  }

  /** Keeps a new job, such as a dead letter's, and starts it by the route that it came by. */
  Future<Acceptance> submit(Submission submission) {
    String route = submission.via().route();
    return named(route)
        .map(backend -> backend.submit(submission))
        .orElseGet(
            () ->
                Future.failedFuture(
                    Problem.of(409, "There is no route " + route + " any more").exception()));
  }

  /** Starts {@code job}, which is due again, unless this node has no place for it. */
  void resume(Job job) {
    of(job)
        .filter(backend -> !backend.dispatcher().isClosed())
        .ifPresent(backend -> backend.resume(job));
  }

  /** Looks after {@code job}, whose callback is late. */
  void lookAfter(Job job) {
    of(job).ifPresent(backend -> backend.lookAfter(job));
  }

  /**
   * A job whose route this node does not know is left to those that do, and to the route's return:
   * it only ends here when it has been kept for as long as a dead letter would be.
   */
  Sweeper.Terms terms(Job job) {
    return of(job).map(backend -> backend.parts().terms()).orElseGet(this::unknown);
  }

  private Sweeper.Terms unknown() {
    Lifetimes kept = main.parts().terms().lifetimes();
    Duration longest =
        kept.timeout().compareTo(kept.deadLetterRetention()) > 0
            ? kept.timeout()
            : kept.deadLetterRetention();
    return new Sweeper.Terms(
        new Lifetimes(longest, kept.retention(), kept.deadLetterRetention()), false, false);
  }

  /** How long an attempt may take, of any of them. */
  Duration longestAttempt() {
    return all().stream().map(Backend::longestAttempt).max(Duration::compareTo).orElseThrow();
  }

  Optional<CallbackRoute> callbacks(String name) {
    return named(name).flatMap(Backend::callbacks);
  }

  /** Whether jobs of any route are found by what its API calls them. */
  boolean areAnyById() {
    return table.byName().values().stream()
        .anyMatch(backend -> backend.callbacks().filter(CallbackRoute::byId).isPresent());
  }

  /** A job is decided: the end of an attempt that is on its way changes nothing any more. */
  void decided(JobId job) {
    main.dispatcher().attempts().decided(job);
    table.byName().values().forEach(backend -> backend.dispatcher().attempts().decided(job));
  }

  /** The result of a job has come, and is about to be stored. */
  void beingDecided(JobId job) {
    main.dispatcher().attempts().beingDecided(job);
    table.byName().values().forEach(backend -> backend.dispatcher().attempts().beingDecided(job));
  }

  /** How the starts of each route go. */
  List<RouteState> states() {
    return table.byName().entrySet().stream()
        .map(
            route -> {
              Dispatcher of = route.getValue().dispatcher();
              return new RouteState(route.getKey(), of.circuit(), of.pace(), of.waiting());
            })
        .toList();
  }

  List<Backend> all() {
    List<Backend> all = new ArrayList<>(table.byName().values());
    all.addFirst(main);
    return all;
  }

  /**
   * From now on there are {@code routes}. One that has not changed keeps its queue, pace and
   * breaker; the others' backends are given back, to be closed.
   */
  synchronized List<Backend> change(Routes routes) {
    Map<String, Backend> before = table.byName();
    Map<String, Backend> after = new LinkedHashMap<>();
    for (Route route : routes.all()) {
      Backend old = before.get(route.name());
      boolean isSame = old != null && old.parts().route().filter(route::isSameAs).isPresent();
      after.put(route.name(), isSame ? old : make.apply(route));
    }
    table = new Table(routes, Map.copyOf(after));
    return before.values().stream().filter(backend -> !after.containsValue(backend)).toList();
  }
}
