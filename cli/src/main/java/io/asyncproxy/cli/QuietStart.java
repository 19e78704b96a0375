package io.asyncproxy.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * What Logback begins with: nothing. Each command sets logging up as soon as it knows its settings
 * ({@link Logging}); until then Logback would look for files, and would print all there is.
 */
public final class QuietStart extends ContextAwareBase implements Configurator {
  /** For the list of services. */
  public QuietStart() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
