package io.asyncproxy.telemetry;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.TraceContext;
import io.asyncproxy.trace.PassedOn;
import io.asyncproxy.trace.Span;
import io.asyncproxy.trace.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Sends the steps of jobs to a collector by OTLP over HTTP (OpenTelemetry Protocol 1.x, binary), in
 * batches; what the collector does not take in time is dropped, and nobody waits for it.
 */
public final class OtlpTracing implements Tracing {
  private static final AttributeKey<String> JOB = AttributeKey.stringKey("asyncproxy.job.id");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("asyncproxy.outcome");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("asyncproxy.attempt");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final int QUEUE = 8_192;

  /**
   * What surrounds it.
   *
   * @param endpoint where the collector takes traces, such as {@code http://collector:4318}
   * @param sampling the part of the traces that begin here which is recorded, 0 to 1
   * @param headers what is sent along
   * @param node this node
   * @param clock the time
   * @param find the job, for those that other nodes or processes started
   * @param isShared whether other nodes start jobs whose callbacks come here
   */
  public record Surroundings(
      String endpoint,
      double sampling,
      Map<String, String> headers,
      String node,
      InstantSource clock,
      Function<JobId, Future<Optional<Job>>> find,
      BooleanSupplier isShared) {}

  private final Surroundings around;
  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final Instant began;
  private final RecentTraces recent = new RecentTraces();

  /** Sends to the collector of {@code around} from now on. */
  public OtlpTracing(Surroundings around) {
    ExporterLog.listen();
    LoggedJob.traces(job -> recent.find(job).flatMap(trace -> trace));
    this.around = around;
    this.began = around.clock().instant();
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(url(around.endpoint()))
            .setCompression("gzip")
            .setTimeout(Duration.ofSeconds(10))
            .setHeaders(around::headers)
            .build();
    this.provider =
        SdkTracerProvider.builder()
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(around.sampling())))
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                "async-proxy",
                                AttributeKey.stringKey("service.instance.id"),
                                around.node()))))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setMaxQueueSize(QUEUE)
                    .setScheduleDelay(Duration.ofSeconds(1))
                    .build())
            .build();
    this.tracer = provider.get("io.asyncproxy");
  }

  /** The path is that of the specification, unless there is one. */
  static String url(String endpoint) {
    int path = endpoint.indexOf('/', endpoint.indexOf("://") + 3);
    boolean hasPath = path >= 0 && path < endpoint.length() - 1;
    return hasPath ? endpoint : (path < 0 ? endpoint : endpoint.substring(0, path)) + "/v1/traces";
  }

  @Override
  public Span request(String route, Optional<TraceContext> client) {
    var begun =
        tracer
            .spanBuilder("POST " + route)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(METHOD, "POST")
            .setAttribute(ROUTE, route)
            .setParent(parent(client))
            .startSpan();
    return begun.isRecording() ? new Recorded(begun) : PassedOn.of(client);
  }

  @Override
  public Span attempt(Job job) {
    Optional<TraceContext> trace = job.submission().via().trace();
    if (trace.isPresent() || around.isShared().getAsBoolean()) { // else there is nothing to know
      recent.put(job.id(), trace);
    }
    return isRecorded(trace)
        ? span(
            tracer
                .spanBuilder("start")
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(JOB, job.id().toString())
                .setAttribute(ATTEMPT, (long) job.attempts())
                .setParent(parent(trace)))
        : PassedOn.of(trace);
  }

  private static boolean isRecorded(Optional<TraceContext> trace) {
    return trace.filter(TraceContext::isSampled).isPresent();
  }

  @Override
  public Span delivery(JobId job, Optional<TraceContext> trace) {
    return isRecorded(trace)
        ? span(
            tracer
                .spanBuilder("deliver")
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(METHOD, "POST")
                .setAttribute(JOB, job.toString())
                .setParent(parent(trace)))
        : PassedOn.of(trace);
  }

  @Override
  public void calledBack(JobId job, String receipt, long nanos) {
    Instant now = around.clock().instant();
    Optional<Optional<TraceContext>> known = recent.find(job);
    if (known.isPresent()) {
      known
          .get()
          .filter(TraceContext::isSampled)
          .ifPresent(trace -> calledBack(job, trace, receipt, now, nanos));
    } else if (around.isShared().getAsBoolean()
        || Instant.ofEpochMilli(job.createdMillis()).isBefore(began)) {
      around
          .find()
          .apply(job)
          .onSuccess(
              found ->
                  found
                      .flatMap(of -> of.submission().via().trace())
                      .filter(TraceContext::isSampled)
                      .ifPresent(trace -> calledBack(job, trace, receipt, now, nanos)));
    }
  }

  private void calledBack(JobId job, TraceContext trace, String receipt, Instant now, long nanos) {
    tracer
        .spanBuilder("callback")
        .setSpanKind(SpanKind.SERVER)
        .setAttribute(METHOD, "POST")
        .setAttribute(JOB, job.toString())
        .setAttribute(OUTCOME, receipt)
        .setParent(parent(Optional.of(trace)))
        .setStartTimestamp(now.minusNanos(nanos))
        .startSpan()
        .end(now);
  }

  private static Context parent(Optional<TraceContext> trace) {
    return trace
        .map(of -> Context.root().with(io.opentelemetry.api.trace.Span.wrap(remote(of))))
        .orElseGet(Context::root);
  }

  private static SpanContext remote(TraceContext of) {
    TraceStateBuilder state = TraceState.builder();
    for (String entry : List.of(of.state().split(",")).reversed()) { // it puts each in front
      int end = entry.indexOf('=');
      if (end > 0) {
        state.put(entry.substring(0, end).strip(), entry.substring(end + 1).strip());
      }
    }
    return SpanContext.createFromRemoteParent(
        of.traceId(), of.spanId(), TraceFlags.fromHex(of.flags(), 0), state.build());
  }

  private static Span span(SpanBuilder builder) {
    return new Recorded(builder.startSpan());
  }

  @Override
  public void close() {
    provider.shutdown().join(5, TimeUnit.SECONDS);
  }

  /** A step that is on its way. */
  private record Recorded(io.opentelemetry.api.trace.Span span) implements Span {
    @Override
    public Optional<TraceContext> context() {
      SpanContext of = span.getSpanContext();
      return of.isValid()
          ? Optional.of(
              new TraceContext(
                  of.getTraceId(),
                  of.getSpanId(),
                  of.getTraceFlags().asHex(),
                  text(of.getTraceState())))
          : Optional.empty();
    }

    private static String text(TraceState state) {
      StringBuilder text = new StringBuilder();
      for (Map.Entry<String, String> entry : state.asMap().entrySet()) {
        text.append(text.isEmpty() ? "" : ",").append(entry.getKey()).append('=');
        text.append(entry.getValue());
      }
      return text.toString();
    }

    @Override
    public boolean isRecording() {
      return span.isRecording();
    }

    @Override
    public void about(JobId job) {
      span.setAttribute(JOB, job.toString());
    }

    @Override
    public void link(TraceContext other) {
      span.addLink(remote(other));
    }

    @Override
    public void end(int status) {
      span.setAttribute(STATUS, (long) status);
      if (status >= 500) {
        span.setStatus(StatusCode.ERROR);
      }
      span.end();
    }

    @Override
    public void end(String outcome, boolean failed) {
      span.setAttribute(OUTCOME, outcome);
      if (failed) {
        span.setStatus(StatusCode.ERROR, outcome);
      }
      span.end();
    }
  }
}
