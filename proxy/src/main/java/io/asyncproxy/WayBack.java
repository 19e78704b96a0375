package io.asyncproxy;

import io.asyncproxy.api.ReadinessCheck;
import io.asyncproxy.tunnel.SshCommand;
import io.asyncproxy.tunnel.SshMissingException;
import io.asyncproxy.tunnel.Timing;
import io.asyncproxy.tunnel.Tunnel;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way on which callbacks come: by a URL that was set, or by a tunnel, whose URL is known when
 * it is open and may change when it opens again. Thread-safe.
 */
final class WayBack {
  private static final Logger LOG = LoggerFactory.getLogger(WayBack.class);

  /** How long an answer may take through the tunnel, as far as a stop waits for it. */
  private static final Duration LAST_ANSWERS = Duration.ofMillis(500);

  private final ProxySettings settings;
  private final Optional<SshCommand> ssh;
  private final Optional<Tunnel> tunnel;
  private volatile Runnable whenKnown = () -> {};

  /** Where the public endpoints are reached from outside; empty until that is known. */
  private volatile String base = "";

  WayBack(ProxySettings settings) {
    this.settings = settings;
    this.ssh = settings.tunnel().map(SshCommand::ofSystem);
    this.tunnel = ssh.map(command -> new Tunnel(command, Timing.USUAL, this::reachableAt));
  }

  /** Fails where it can never be opened. Blocks for a moment. */
  void requirePossible() throws SshMissingException {
    if (ssh.isPresent()) {
      ssh.get().requireInstalled();
    }
  }

  /**
   * Opens it to the listener on {@code port}.
   *
   * @param whenKnown run when callback URLs can be made: at once, or when the tunnel is open, then
   *     each time and on another thread
   */
  void open(int port, Runnable whenKnown) {
    if (tunnel.isPresent()) {
      this.whenKnown = whenKnown;
      tunnel.get().start(settings.host(), port);
    } else {
      base = settings.publicUrl(port).toString().replaceFirst("/+$", "");
      whenKnown.run();
    }
  }

  private void reachableAt(URI url) {
    String before = base;
    base = url + "/proxy";
    LOG.info("Reachable at {}", base);
    if (!before.isEmpty() && !before.equals(base)) {
      LOG.warn(
          "It was {} before: callbacks of jobs that were started until now can't arrive any more."
              + " With job-server.status-url they are asked for, else they expire",
          before);
    }
    whenKnown.run();
  }

  /** What the callback URLs of jobs begin with. */
  String callbacks() {
    return base + "/callback";
  }

  /** What readiness depends on. */
  List<ReadinessCheck> checks() {
    return tunnel.map(open -> new ReadinessCheck("tunnel", open::trouble)).stream().toList();
  }

  /**
   * Closes it; returns when nothing of it is left.
   *
   * @param inUse whether somebody may just have called back
   */
  void close(boolean inUse) {
    if (tunnel.isPresent()) {
      if (inUse) {
        letLastAnswersThrough();
      }
      tunnel.get().close();
    }
  }

  /** Who called back last would not hear that the result is stored, and call again. */
  private static void letLastAnswersThrough() {
    try {
      Thread.sleep(LAST_ANSWERS);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
