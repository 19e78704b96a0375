package io.asyncproxy.http;

import io.asyncproxy.loop.Deadline;
import io.asyncproxy.loop.EventLoop;
import io.netty.channel.Channel;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections of one event loop: closes those whose first request doesn't arrive in time,
 * and those that are idle for long. One that holds a request is left alone, however long that
 * takes.
 */
public final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final IdentityHashMap<HttpConnection, Guard> guards = new IdentityHashMap<>();
  private final HttpLimits limits;
  private final EventLoop loop;

  /** The connections of {@code loop}. */
  public Connections(HttpLimits limits, EventLoop loop) {
    this.limits = limits;
    this.loop = loop;
  }

  /** A connection was opened, and has its first request, or is HTTP/2: who guards it. */
  Shortcut.Activity opened(HttpConnection connection) {
    Channel channel = ((ConnectionBase) connection).channel();
    FirstRequest.arrived(channel);
    // What a peer sends is no accident of ours: without this, Vert.x logs it as one.
    connection.exceptionHandler(
        failure -> LOG.debug("A connection failed: {}", failure.getClass().getSimpleName()));
    if (guards.size() >= limits.connections()) {
      makeRoom();
    }
    Guard guard = new Guard(connection, channel);
    guards.put(connection, guard);
    guard.closeIn(limits.arrival());
    connection.closeHandler(guard);
    return guard;
  }

  /** Closes one that nobody waits on; when there is none, all hold requests, which are bounded. */
  private void makeRoom() {
    for (Guard guard : guards.values()) {
      if (guard.requests == 0) {
        guard.connection.close();
        return;
      }
    }
  }

  /** A request has come in on its connection. */
  public void begin(HttpServerRequest request) {
    Guard guard = guards.get(request.connection());
    if (guard != null) {
      guard.begin();
      request.response().endHandler(_ -> guard.end());
    }
  }

  /**
   * One connection. Its deadline is not moved at each request: when it comes, it is put off by what
   * is left of the idle time, so that a busy connection costs none.
   */
  private final class Guard implements Handler<Void>, Shortcut.Activity {
    /** In how many steps the idle time is counted: few lengths, few queues of deadlines. */
    private static final int STEPS = 8;

    private final HttpConnection connection;
    private final Channel channel;
    private @Nullable Deadline deadline;
    private Unsent before;
    private long idleUntil;
    private int requests;
    private boolean open = true;

    Guard(HttpConnection connection, Channel channel) {
      this.connection = connection;
      this.channel = channel;
      this.before = Unsent.of(channel);
    }

    @Override
    public void begin() {
      requests++;
    }

    @Override
    public void end() {
      requests--;
      if (requests == 0 && open) {
        closeIn(limits.idle());
      }
    }

    /** Its connection is closed. */
    @Override
    public void handle(Void nothing) {
      guards.remove(connection);
      open = false;
      if (deadline != null) {
        deadline.cancel();
        deadline = null;
      }
    }

    void closeIn(Duration time) {
      before = Unsent.of(channel);
      idleUntil = System.nanoTime() + time.toNanos();
      if (deadline == null) {
        deadline = loop.deadlines().in(time, this::due);
      }
    }

    private void due() {
      deadline = null;
      if (requests > 0) {
        return; // its end begins a new idle time
      }
      long rest = idleUntil - System.nanoTime();
      if (rest > 0) {
        long step = Math.max(1, limits.idle().toNanos() / STEPS);
        long steps = Math.ceilDiv(rest, step);
        deadline = loop.deadlines().in(Duration.ofNanos(steps * step), this::due);
      } else {
        closeUnlessRead();
      }
    }

    /** A long answer may take its client longer than that, as long as it reads at all. */
    private void closeUnlessRead() {
      Unsent now = Unsent.of(channel);
      if (now.isNothing()) {
        connection.close();
      } else if (now.equals(before)) {
        Unsent.drop(channel);
      } else {
        closeIn(limits.idle());
      }
    }
  }
}
