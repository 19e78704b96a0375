package io.asyncproxy;

import io.asyncproxy.dispatch.Dispatcher;
import io.asyncproxy.hold.Holds;
import io.asyncproxy.job.JobId;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.telemetry.Metrics;
import io.asyncproxy.telemetry.OtlpTracing;
import io.asyncproxy.timeline.Journal;
import io.asyncproxy.tls.Renewal;
import io.asyncproxy.trace.Tracing;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What makes a proxy observable: its metrics, its traces, and who is told what happens. */
final class Monitoring {
  private final Metrics metrics;
  private final Tracing tracing;
  private final Observers observers;

  /** Monitoring of the node called {@code node}; the store, holds and dispatchers come later. */
  Monitoring(
      ProxySettings settings,
      InstantSource clock,
      String node,
      Supplier<Optional<JobStore>> store,
      Supplier<Holds> holds,
      Consumer<JobId> dispatchers) {
    this.metrics = new Metrics(clock);
    this.tracing =
        settings
            .traces()
            .<Tracing>map(to -> new OtlpTracing(surroundings(to, clock, node, store)))
            .orElse(Tracing.NONE);
    this.observers = new Observers(metrics, new Journal(clock, node), tracing, holds, dispatchers);
  }

  private static OtlpTracing.Surroundings surroundings(
      TraceSettings to, InstantSource clock, String node, Supplier<Optional<JobStore>> store) {
    return new OtlpTracing.Surroundings(
        to.endpoint().toString(),
        to.percent() / 100.0,
        to.headers(),
        node,
        clock,
        job ->
            store
                .get()
                .map(jobs -> jobs.find(job))
                .orElseGet(() -> Future.succeededFuture(Optional.empty())),
        () -> store.get().map(JobStore::isShared).orElse(false));
  }

  Metrics metrics() {
    return metrics;
  }

  Tracing tracing() {
    return tracing;
  }

  Observers observers() {
    return observers;
  }

  /** Shows what is not counted but looked at. */
  void show(Holds holds, Dispatcher dispatcher, Optional<Renewal> renewal, Supplier<Number> nodes) {
    metrics.gauge("nodes", "Living nodes of the service", nodes);
    metrics.gauge("held.requests", "Requests that are held now", holds::count);
    metrics.gauge("held.requests.limit", "How many there is room for", holds::most);
    metrics.gauge("jobs.waiting", "Jobs that wait for their turn", dispatcher::waiting);
    metrics.gauge("circuit.state", "0 closed, 1 half open, 2 open", dispatcher::circuit);
    metrics.gauge("pace.limit", "Starts per second at most", dispatcher::pace);
    renewal.ifPresent(
        certificate ->
            metrics.gauge(
                "certificate.expires.timestamp.seconds",
                "When the certificate of the public listener expires",
                () -> certificate.used().identity().expires().getEpochSecond()));
  }

  /** Blocks until what is left of the traces is sent, for some seconds at most. */
  boolean close() {
    metrics.close();
    tracing.close();
    return true;
  }
}
