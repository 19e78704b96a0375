package io.asyncproxy;

import io.asyncproxy.dispatch.BreakerSettings;
import io.asyncproxy.dispatch.JobServerSettings;
import io.asyncproxy.dispatch.RetryPolicy;
import io.asyncproxy.hold.HoldSettings;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.route.Route;
import io.asyncproxy.route.RouteLimits;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of a route's backend: what the route says, and else what is said for {@code /proxy}.
 *
 * @param settings what is said for {@code /proxy}
 */
record RouteBackends(ProxySettings settings) {
  JobServerSettings jobServer(Route route) {
    RouteLimits limits = route.limits();
    JobServerSettings main = settings.jobServer();
    int connections = limits.connections().orElse(main.connections());
    return new JobServerSettings(
        route.origin(),
        limits.timeout().orElse(main.timeout()),
        connections,
        limits.connectionsPerAccount().orElse(connections),
        main.maxAnswerBytes(),
        new BreakerSettings(
            limits.breakerRatio().orElse(main.breaker().percent()),
            limits.breakerWindow().orElse(main.breaker().window()),
            limits.breakerWait().orElse(main.breaker().openFor())),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty());
  }

  RetryPolicy retry(Route route) {
    RouteLimits limits = route.limits();
    RetryPolicy main = settings.retry();
    Duration base = limits.backoff().orElse(main.base());
    Duration cap = limits.maxBackoff().orElse(main.cap());
    return new RetryPolicy(
        limits.attempts().orElse(main.attempts()),
        base,
        cap.compareTo(base) < 0 ? base : cap,
        limits.idempotent().orElse(false));
  }

  Lifetimes lifetimes(Route route) {
    Lifetimes main = settings.lifetimes();
    return new Lifetimes(
        route.limits().jobTimeout().orElse(main.timeout()),
        main.retention(),
        main.deadLetterRetention());
  }

  HoldSettings hold(Route route) {
    HoldSettings main = settings.hold();
    Duration hold = route.limits().hold().orElse(main.timeout());
    Duration longest = main.longest().compareTo(hold) < 0 ? hold : main.longest();
    return new HoldSettings(hold, longest, main.most());
  }
}
