package io.asyncproxy.benchmarks.simulator;

import io.asyncproxy.benchmarks.simulator.SimulatorStats.Counted;
import io.asyncproxy.benchmarks.wire.Exchange;
import io.asyncproxy.benchmarks.wire.Http1Connections;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Sends results, each at its time. All of it belongs to the simulator's event loop. */
final class Callbacks {
  private static final int CONNECTIONS = 128;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The delay is the same for all, so that the first to start is the first due. */
  private record Due(long at, SimulatedJob job, boolean twice) {}

  private final EventLoop loop;
  private final SimulatorOptions options;
  private final SimulatorStats stats;
  private final ArrayDeque<Due> queue = new ArrayDeque<>();
  private final Map<String, Http1Connections> connections = new HashMap<>();

  Callbacks(EventLoop loop, SimulatorOptions options, SimulatorStats stats) {
    this.loop = loop;
    this.options = options;
    this.stats = stats;
  }

  void schedule(SimulatedJob job, Faults.OfCallback fault) {
    if (fault == Faults.OfCallback.LOST) {
      stats.count(Counted.LOST);
      return;
    }
    Due due =
        new Due(
            System.nanoTime() + options.delay().toNanos(),
            job,
            fault == Faults.OfCallback.DUPLICATED);
    if (options.untilReleased()) {
      queue.add(due);
    } else if (options.delay().isZero()) {
      send(due);
    } else {
      queue.add(due);
      if (queue.size() == 1) {
        wakeAt(due);
      }
    }
  }

  void release() {
    while (!queue.isEmpty()) {
      send(queue.remove());
    }
  }

  private void wakeAt(Due due) {
    long wait = Math.max(0, due.at - System.nanoTime());
    loop.schedule(this::sendDue, wait, TimeUnit.NANOSECONDS);
  }

  private void sendDue() {
    long now = System.nanoTime();
    while (!queue.isEmpty() && queue.element().at - now <= 0) {
      send(queue.remove());
    }
    if (!queue.isEmpty()) {
      wakeAt(queue.element());
    }
  }

  private void send(Due due) {
    URI url = URI.create(due.job.callback());
    Http1Connections there = connections.computeIfAbsent(url.getRawAuthority(), _ -> connect(url));
    Callback callback = new Callback(url.getRawPath(), due.job.result());
    there.send(callback);
    if (due.twice) {
      stats.count(Counted.DUPLICATED);
      there.send(callback);
    }
  }

  private Http1Connections connect(URI url) {
    InetSocketAddress address = new InetSocketAddress(url.getHost(), url.getPort());
    return new Http1Connections(loop, address, CONNECTIONS, TIMEOUT);
  }

  private final class Callback implements Exchange {
    private final String path;
    private final String body;

    Callback(String path, String body) {
      this.path = path;
      this.body = body;
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public String body() {
      return body;
    }

    @Override
    public void answered(int status, byte[] answer) {
      stats.count(status / 100 == 2 ? Counted.CALLBACKS_TAKEN : Counted.CALLBACKS_REFUSED);
    }

    @Override
    public void failed(String reason) {
      stats.count(Counted.CALLBACKS_REFUSED);
    }
  }
}
