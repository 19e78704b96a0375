package io.asyncproxy.telemetry;

import io.asyncproxy.callback.CallbackListener;
import io.asyncproxy.callback.Receipt;
import io.asyncproxy.dispatch.StartListener;
import io.asyncproxy.dispatch.StartOutcome;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Outcome;
import io.asyncproxy.store.ChangeWatcher;
import io.asyncproxy.store.Counts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Counts and times what happens, for Prometheus and OpenMetrics. Base units (seconds, bytes); no
 * ids or accounts as labels. Gauges are of this process. Thread-safe.
 */
public final class Metrics
    implements StartListener, CallbackListener, ChangeWatcher, AutoCloseable {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
    Duration.ofMillis(75), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
    Duration.ofMillis(750), Duration.ofSeconds(1), Duration.ofMillis(2_500), Duration.ofSeconds(5),
    Duration.ofMillis(7_500), Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(1),
    Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofHours(1)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final InstantSource clock;
  private final Map<String, Counter> requests = new HashMap<>();
  private final Map<String, Counter> callbacks = new HashMap<>();
  private final Map<JobState, Counter> ended = new EnumMap<>(JobState.class);
  private final Map<String, Counter> deliveries = new HashMap<>();
  private final Counter retries;
  private final Counter orphans;
  private final Counter overdue;
  private final Timer duration;
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
    this.retries = counter("job.server.retries", "Further attempts that were planned");
    for (String how : List.of("delivered", "failed", "gone", "undelivered")) {
      deliveries.put(how, counter("deliveries", "Results sent to clients' URLs", "result", how));
    }
    this.orphans = counter("callbacks.orphaned", "Callbacks whose job nobody knows");
    this.overdue = counter("jobs.overdue", "Jobs whose callback was found to be late");
    this.duration =
        Timer.builder("asyncproxy.job.duration")
            .description("From a job's making to its end")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
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
      duration.record(Duration.ofMillis(Math.max(0, clock.millis() - id.createdMillis())));
    }
  }

  /**
   * Everything, as text.
   *
   * @param counts what the store holds now
   * @param mediaType the format that is asked for: Prometheus' own unless it names OpenMetrics
   */
  public String scrape(Counts counts, String mediaType) {
    held = counts;
    return registry.scrape(mediaType);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
