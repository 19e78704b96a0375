package io.asyncproxy.trace;

import io.asyncproxy.job.TraceContext;
import java.util.Optional;

/** Nothing is recorded; what came with a request is passed on. */
public record PassedOn(Optional<TraceContext> context) implements Span {
  private static final PassedOn NOTHING = new PassedOn(Optional.empty());

  /** A step that passes {@code context} on. */
  public static Span of(Optional<TraceContext> context) {
    return context.isEmpty() ? NOTHING : new PassedOn(context);
  }
}
