package io.asyncproxy.tunnel;

import io.asyncproxy.tunnel.SshProcess.Said;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a reverse tunnel open: when its ssh ends it is started again, after pauses that grow, for
 * as long as it takes. One ssh runs at a time, and none after {@link #close}.
 *
 * <p>Thread-safe. A thread of its own does all that blocks, and alone starts and ends processes.
 */
public final class Tunnel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

  private final SshCommand command;
  private final Timing timing;
  private final Consumer<URI> reachable;
  private volatile Optional<String> trouble;
  private volatile boolean closed;

  /** Guarded by this. */
  private @Nullable Thread keeper;

  /** What was last said of why it is down; of the keeper. */
  private String told = "";

  /**
   * A tunnel that is not open yet.
   *
   * @param reachable told each time when there is a tunnel, and where it is reached
   */
  public Tunnel(SshCommand command, Timing timing, Consumer<URI> reachable) {
    this.command = command;
    this.timing = timing;
    this.reachable = reachable;
    this.trouble = Optional.of("connecting to " + command.settings().to().host());
  }

  /** Begins to open it, so that it leads to {@code port} of {@code host}, and to keep it open. */
  public synchronized void start(String host, int port) {
    if (!closed && keeper == null) {
      List<String> ssh = command.forwarding(host, port);
      keeper = Thread.ofPlatform().daemon().name("tunnel").start(() -> keepOpen(ssh));
    }
  }

  /** Why it is not open; empty while it is. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** Ends it; returns when its ssh is gone, some seconds later at most. */
  @Override
  public void close() {
    @Nullable Thread ending;
    synchronized (this) {
      ending = keeper;
      if (ending != null && !closed) {
        ending.interrupt();
      }
      closed = true;
    }
    try {
      if (ending != null) {
        ending.join(LONGEST_CLOSE);
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepOpen(List<String> ssh) {
    try {
      int failures = 0;
      while (!closed) {
        long began = System.nanoTime();
        String why = hold(ssh);
        failures = timing.failures(failures, Duration.ofNanos(System.nanoTime() - began));
        down(why);
        Thread.sleep(timing.pause(failures, ThreadLocalRandom.current()));
      }
    } catch (InterruptedException close) {
      trouble = Optional.of("closed");
    }
  }

  /** One ssh from its start to its end; why it ended. */
  private String hold(List<String> command) throws InterruptedException {
    try (SshProcess ssh = SshProcess.start(command)) {
      return follow(ssh);
    } catch (IOException failure) {
      return "ssh can't be run: " + failure.getMessage();
    }
  }

  private String follow(SshProcess ssh) throws InterruptedException {
    Conversation talk = new Conversation(command.settings().to(), timing, System.nanoTime());
    Optional<URI> open = Optional.empty();
    while (true) {
      Optional<Said> said = ssh.next(talk.patience(System.nanoTime()));
      long now = System.nanoTime();
      switch (said.orElse(null)) {
        case Said.Line line -> talk.heard(line, now);
        case Said.Ended(int exitCode) -> {
          return talk.ended(exitCode);
        }
        case null -> {}
      }
      Optional<String> givenUp = talk.givenUp(now);
      if (givenUp.isPresent()) {
        return givenUp.get();
      }
      Optional<URI> url = talk.url(now);
      if (url.isPresent() && !url.equals(open)) {
        open = url;
        up(url.get());
      }
    }
  }

  private void up(URI url) {
    told = "";
    reachable.accept(url);
    trouble = Optional.empty();
  }

  private void down(String why) {
    trouble = Optional.of(why);
    if (!why.equals(told)) {
      told = why;
      LOG.warn(
          "There is no tunnel: {}. It is tried again, every {} s at least; until then callbacks"
              + " can't arrive",
          why,
          timing.longestPause().toSeconds());
    }
  }
}
