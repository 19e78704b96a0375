package io.asyncproxy.telemetry;

import io.asyncproxy.job.TraceContext;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The trace of what is being measured: OpenMetrics show one beside a histogram's bucket. */
final class Exemplars implements SpanContext {
  private static final ThreadLocal<@Nullable TraceContext> CURRENT = new ThreadLocal<>();

  /** What {@code measure} records belongs to {@code trace}, where that is recorded itself. */
  void in(Optional<TraceContext> trace, Runnable measure) {
    if (trace.filter(TraceContext::isSampled).isEmpty()) {
      measure.run();
      return;
    }
    CURRENT.set(trace.get());
    try {
      measure.run();
    } finally {
      CURRENT.remove();
    }
  }

  @Override
  public @Nullable String getCurrentTraceId() {
    TraceContext trace = CURRENT.get();
    return trace == null ? null : trace.traceId();
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    TraceContext trace = CURRENT.get();
    return trace == null ? null : trace.spanId();
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return CURRENT.get() != null;
  }

  @Override
  public void markCurrentSpanAsExemplar() {}
}
