package io.asyncproxy.cli;

import io.asyncproxy.AsyncProxy;
import io.asyncproxy.ProxySettings;
import io.asyncproxy.route.RoutesSection;
import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.settings.Settings;
import io.asyncproxy.settings.Values;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code serve}: the proxy, in the foreground. It starts often and in a hurry: what picocli has to
 * know of it is said without annotations.
 */
final class ServeCommand implements Callable<Integer> {
  static final String NAME = "serve";

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  private static final int ABANDONED_SECONDS = 10;

  /** Attempts may take 10 minutes, and have that time to end; supervisors are less patient. */
  private static final int STOPPED_WITHIN_MINUTES = 15;

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name(NAME);

  private ServeCommand() {
    spec.usageMessage()
        .description("Run the proxy; SIGTERM drains and exits 0.")
        .sortOptions(false);
  }

  /** What picocli knows of a new one. */
  static CommandSpec spec() {
    return new ServeCommand().spec;
  }

  @Override
  public Integer call() throws Exception {
    CommandLine line = spec.commandLine();
    try {
      Values values = SettingsOptions.values(line.getParseResult());
      Logging.configure(
          values.find(Settings.LOG_FORMAT), values.get(Settings.LOG_LEVEL), System.err);
      AsyncProxy proxy = new AsyncProxy(ProxySettings.from(values), InstantSource.system());
      return Signals.startAndAwait(() -> start(proxy), () -> stop(proxy));
    } catch (InvalidSettingsException invalid) {
      return SettingsOptions.report(invalid, line);
    }
  }

  private boolean start(AsyncProxy proxy) {
    CountDownLatch over = new CountDownLatch(1);
    Signals.onHangUp(() -> readRoutesAgain(proxy, over)); // before anybody sees that it serves
    try {
      proxy.start().await(60, TimeUnit.SECONDS);
      return true;
    } catch (Exception failure) {
      LOG.error("The proxy can't start: {}", failure.getMessage());
      abandon(proxy);
      return false;
    } finally {
      over.countDown();
    }
  }

  /** What comes amid the start, which has read them already, waits for its end. */
  private void readRoutesAgain(AsyncProxy proxy, CountDownLatch started) {
    try {
      started.await();
      readRoutesAgain(proxy);
    } catch (InterruptedException _) { // nobody does that to a signal's thread
      Thread.currentThread().interrupt();
    }
  }

  /** A mistake changes nothing: who made it is told, and clients do not notice. */
  private void readRoutesAgain(AsyncProxy proxy) {
    try {
      Values values = SettingsOptions.values(spec.commandLine().getParseResult());
      proxy.change(RoutesSection.read(values.section("routes"), values.environment()));
    } catch (InvalidSettingsException invalid) {
      invalid.mistakes().forEach(mistake -> LOG.error("The routes stay as they were: {}", mistake));
    }
  }

  /** What it has started by then must not be left behind. */
  private static void abandon(AsyncProxy proxy) {
    try {
      proxy.close().await(ABANDONED_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      LOG.warn("What was started did not end within {} s", ABANDONED_SECONDS);
    }
  }

  private static void stop(AsyncProxy proxy) throws TimeoutException {
    LOG.info("Draining: no new jobs, held requests finish");
    proxy.close().await(STOPPED_WITHIN_MINUTES, TimeUnit.MINUTES);
    LOG.info("Stopped");
  }
}
