package io.asyncproxy.telemetry;

import io.asyncproxy.callback.CallbackListener;
import io.asyncproxy.callback.Receipt;
import io.asyncproxy.dispatch.CallListener;
import io.asyncproxy.dispatch.StartListener;
import io.asyncproxy.dispatch.StartOutcome;
import io.asyncproxy.http.RequestListener;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.job.TraceContext;
import io.asyncproxy.store.ChangeWatcher;
import io.asyncproxy.store.Counts;
import io.asyncproxy.store.StoreListener;
import io.asyncproxy.store.TimedStore;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and times what happens, for Prometheus and OpenMetrics. Base units (seconds, bytes); no
 * ids or accounts as labels. Gauges are of this process. Thread-safe.
 */
public final class Metrics
    implements StartListener, CallbackListener, ChangeWatcher, StoreListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

  private static final String GIVEN_UP = "Jobs that were given up, and became dead letters";

  private final Exemplars exemplars = new Exemplars();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(
          PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, exemplars);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final InstantSource clock;
  private final Map<String, Counter> requests = new HashMap<>();
  private final Map<String, Counter> callbacks = new HashMap<>();
  private final Map<JobState, Counter> ended = new EnumMap<>(JobState.class);
  private final Map<Failure.Reason, Counter> givenUp = new EnumMap<>(Failure.Reason.class);
  private final Map<String, Counter> deliveries = new HashMap<>();
  private final Counter accepted;
  private final Counter retries;
  private final Counter orphans;
  private final Counter overdue;
  private final Timer duration;
  private final Timer added;
  private final Map<String, Timer> store = new HashMap<>();
  private final HttpMetrics http = new HttpMetrics(registry);
  private final RouteGauges routes = new RouteGauges(registry);
  private volatile Counts held = new Counts(0, 0);

  /** Metrics that count from now on. */
  public Metrics(InstantSource clock) {
    this.clock = clock;
    for (String outcome : StartOutcome.labels()) {
      requests.put(outcome, counter("job.server.requests", "Starts sent", "outcome", outcome));
    }
    for (String result : Receipt.labels()) {
      callbacks.put(result, counter("callbacks", "Callbacks received", "result", result));
    }
    for (JobState state : JobState.values()) {
      if (state.isFinished()) {
        ended.put(state, counter("jobs", "Jobs that ended", "state", state.label()));
      }
    }
    for (Failure.Reason reason : Failure.Reason.values()) {
      givenUp.put(reason, counter("jobs.given.up", GIVEN_UP, "reason", reason.label()));
    }
    this.accepted = counter("jobs.accepted", "Jobs taken from clients");
    this.retries = counter("job.server.retries", "Further attempts that were planned");
    for (String how : List.of("delivered", "failed", "gone", "undelivered")) {
      deliveries.put(how, counter("deliveries", "Results sent to clients' URLs", "result", how));
    }
    this.orphans = counter("callbacks.orphaned", "Callbacks whose job nobody knows");
    this.overdue = counter("jobs.overdue", "Jobs whose callback was found to be late");
    this.duration = timer("job.duration", "From a job's making to its end", Buckets.REQUESTS);
    this.added =
        timer(
            "added.latency",
            "What held clients waited beyond the job server's time, from start to callback",
            Buckets.STEPS);
    for (String operation : TimedStore.OPERATIONS) {
      store.put(
          operation, timer("store", "Answers of the store", Buckets.STEPS, "operation", operation));
    }
    gauge("jobs.in.flight", "Unfinished jobs in the store", () -> held.unfinished());
    gauge("dead.letters", "Jobs that were given up", () -> held.deadLetters());
    bindProcess();
  }

  private void bindProcess() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  private Timer timer(String name, String description, List<Duration> bounds, String... tags) {
    return Timer.builder("asyncproxy." + name)
        .description(description)
        .tags(tags)
        .serviceLevelObjectives(bounds.toArray(Duration[]::new))
        .register(registry);
  }

  private Counter counter(String name, String description, String... tags) {
    return Counter.builder("asyncproxy." + name)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  /** Shows {@code value} under {@code asyncproxy.<name>}. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder("asyncproxy." + name, value).description(description).register(registry);
  }

  @Override
  public void attempted(Job job, StartOutcome outcome, Duration took) {
    increment(requests.get(outcome.label()));
  }

  @Override
  public void accepted(Job job) {
    accepted.increment();
  }

  @Override
  public void willRetry(Job job) {
    retries.increment();
  }

  /** An attempt to deliver a result ended: delivered, failed, gone or undelivered. */
  public void delivery(String how) {
    increment(deliveries.get(how));
  }

  /** A callback has found no job in its time. */
  public void orphaned() {
    orphans.increment();
  }

  /** The callback of {@code job} was found to be late. */
  public void overdue(Job job) {
    overdue.increment();
  }

  /**
   * A held client of {@code trace} got its result, {@code nanos} later than by the job server
   * alone.
   */
  public void added(long nanos, Optional<TraceContext> trace) {
    exemplars.in(trace, () -> added.record(nanos, TimeUnit.NANOSECONDS));
  }

  @Override
  public void asked(String operation, long nanos) {
    Timer timer = store.get(operation);
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** Who is told of answered requests. */
  public RequestListener requests() {
    return http;
  }

  /** Who is told of requests to the job server at {@code host} and {@code port}. */
  public CallListener calls(String host, int port) {
    return http.calls(host, port);
  }

  @Override
  public void received(Receipt receipt) {
    increment(callbacks.get(receipt.label()));
  }

  private static void increment(@org.jspecify.annotations.Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void changed(JobId id, JobState state, Optional<Outcome> outcome) {
    if (outcome.isPresent()) {
      increment(ended.get(state));
      if (outcome.get() instanceof Outcome.GivenUp(Failure failure)) {
        increment(givenUp.get(failure.reason()));
      }
      long millis = Math.max(0, clock.millis() - id.createdMillis());
      duration.record(millis, TimeUnit.MILLISECONDS);
      LOG.debug("Job {} ended: {} after {} ms", id, state.label(), millis);
    }
  }

  /**
   * Everything, as text.
   *
   * @param counts what the store holds now
   * @param states how the routes' starts go now
   * @param mediaType the format that is asked for: Prometheus' own unless it names OpenMetrics
   */
  public synchronized String scrape(Counts counts, List<RouteState> states, String mediaType) {
    held = counts;
    routes.show(states);
    return registry.scrape(mediaType);
  }

  /** What was counted until now. */
  Totals totals() {
    return new Totals(
        accepted.count(),
        sum(Set.copyOf(ended.values())), // states that clients can't tell apart share a counter
        sum(givenUp.values()),
        sum(callbacks.values()),
        histogram(added),
        histogram(duration));
  }

  private static double sum(Collection<Counter> counters) {
    return counters.stream().mapToDouble(Counter::count).sum();
  }

  private static Histogram histogram(Timer timer) {
    CountAtBucket[] buckets = timer.takeSnapshot().histogramCounts();
    return new Histogram(
        Arrays.stream(buckets).mapToDouble(bucket -> bucket.bucket(TimeUnit.SECONDS)).toArray(),
        Arrays.stream(buckets).mapToDouble(CountAtBucket::count).toArray());
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
