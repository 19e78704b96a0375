package io.asyncproxy.store.redis;

import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connection to Redis: commands are sent as they come, without waiting for answers
 * (pipelined), so many under way at most. A connection that broke, or that does not answer, fails
 * all that was under way; the next command makes a new one. Of one event loop.
 */
final class RedisLink {
  private static final long ANSWER_NANOS = 2_000_000_000L;
  private static final int LOOK_MILLIS = 250;
  private static final int MOST_UNDER_WAY = 50_000;

  private final ContextInternal context;
  private final Redis redis;
  private final Deque<Pending> underWay = new ArrayDeque<>();
  private @Nullable RedisConnection connection;
  private @Nullable Future<RedisConnection> connecting;
  private final long timer;

  /** What is sent. */
  sealed interface Call {
    /** What is sent first. */
    Request request();

    /** One command. */
    record Plain(Request request) implements Call {}

    /** A script by its name, and whole for a Redis that does not know it (yet, or any more). */
    record Script(Scripts script, List<String> keys, List<byte[]> arguments) implements Call {
      @Override
      public Request request() {
        return request(Command.EVALSHA, script.sha());
      }

      Request whole() {
        return request(Command.EVAL, script.text());
      }

      private Request request(Command command, String named) {
        Request request = Request.cmd(command).arg(named).arg(keys.size());
        keys.forEach(request::arg);
        arguments.forEach(request::arg);
        return request;
      }
    }
  }

  private record Pending(long sentNanos, Promise<Response> promise) {}

  RedisLink(Vertx vertx, ContextInternal context, Redis redis) {
    this.context = context;
    this.redis = redis;
    this.timer = vertx.setPeriodic(LOOK_MILLIS, _ -> context.runOnContext(_ -> look()));
  }

  /**
   * Sends what {@code call} says; may be called from anywhere, completes on the caller's context.
   * Every failure is a {@link StoreUnavailableException}.
   */
  Future<Response> send(Call call) {
    ContextInternal caller = ContextInternal.current();
    Promise<Response> promise = caller != null ? caller.promise() : Promise.promise();
    if (caller != null && caller.nettyEventLoop().equals(context.nettyEventLoop())) {
      transmit(call, promise);
    } else {
      context.runOnContext(_ -> transmit(call, promise));
    }
    return promise.future();
  }

  private void transmit(Call call, Promise<Response> promise) {
    if (underWay.size() >= MOST_UNDER_WAY) {
      promise.fail(new StoreUnavailableException("too many commands wait for Redis"));
      return;
    }
    Pending pending = new Pending(System.nanoTime(), promise);
    underWay.add(pending);
    RedisConnection open = connection;
    if (open != null) {
      transmit(open, call, promise);
      return;
    }
    connect()
        .onComplete(
            made -> {
              if (!promise.future().isComplete()) { // who was told that it failed may do it again
                transmit(made, call, promise);
              }
            },
            failure -> promise.tryFail(away(failure)));
  }

  private void transmit(RedisConnection open, Call call, Promise<Response> promise) {
    open.send(call.request())
        .onComplete(
            promise::tryComplete,
            failure -> {
              if (call instanceof Call.Script script && isUnknownScript(failure)) {
                transmit(open, new Call.Plain(script.whole()), promise);
              } else {
                promise.tryFail(away(failure));
                dropReplica(open, failure);
              }
            });
  }

  /** What was the primary is a replica now: its name may mean another one already. */
  @SuppressWarnings("deprecation") // QUIT: whoever has a socket should close it; we have none
  private void dropReplica(RedisConnection open, Throwable failure) {
    if (open.equals(connection) && isOfAReplica(failure)) {
      connection = null;
      open.send(Request.cmd(Command.QUIT)); // merely given back, it would be given out again
    }
  }

  /** Redis before 7.0 says so behind other words where a script wrote. */
  private static boolean isOfAReplica(Throwable failure) {
    return failure instanceof ErrorType error
        && (error.is("READONLY") || String.valueOf(error.getMessage()).contains("-READONLY "));
  }

  private static boolean isUnknownScript(Throwable failure) {
    return failure instanceof ErrorType error && error.is("NOSCRIPT");
  }

  private Future<RedisConnection> connect() {
    if (connecting != null) {
      return connecting;
    }
    Promise<RedisConnection> promise = context.promise();
    Future<RedisConnection> attempt = promise.future();
    connecting = attempt;
    redis
        .connect()
        .onComplete(
            made ->
                context.runOnContext(
                    _ -> {
                      if (!attempt.equals(connecting)) { // it took too long, and was given up
                        made.close();
                        promise.fail(new StoreUnavailableException("Redis was too late"));
                        return;
                      }
                      made.exceptionHandler(_ -> drop(made));
                      made.endHandler(_ -> drop(made));
                      connection = made;
                      connecting = null;
                      promise.complete(made);
                    }),
            failure ->
                context.runOnContext(
                    _ -> {
                      connecting = attempt.equals(connecting) ? null : connecting;
                      promise.fail(failure);
                    }));
    return attempt;
  }

  private void drop(RedisConnection gone) {
    context.runOnContext(
        _ -> {
          if (gone.equals(connection)) {
            connection = null;
          }
        });
  }

  /**
   * Forgets what was answered; when the first of the rest waits too long, the connection is bad.
   */
  private void look() {
    while (!underWay.isEmpty() && underWay.peekFirst().promise().future().isComplete()) {
      underWay.removeFirst();
    }
    if (underWay.isEmpty() || System.nanoTime() - underWay.peekFirst().sentNanos() < ANSWER_NANOS) {
      return;
    }
    RedisConnection bad = connection;
    connection = null;
    connecting = null;
    underWay.forEach(
        pending ->
            pending.promise().tryFail(new StoreUnavailableException("Redis does not answer")));
    underWay.clear();
    if (bad != null) {
      bad.close();
    }
  }

  /** An error that Redis answers means that it did nothing. */
  private static StoreUnavailableException away(Throwable failure) {
    String what = failure instanceof ErrorType ? "Redis says " : "Redis can't be reached: ";
    return new StoreUnavailableException(what + failure.getMessage(), failure);
  }

  void close(Vertx vertx) {
    vertx.cancelTimer(timer);
    context.runOnContext(
        _ -> {
          if (connection != null) {
            connection.close();
          }
        });
  }
}
