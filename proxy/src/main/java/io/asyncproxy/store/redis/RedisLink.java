package io.asyncproxy.store.redis;

import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;
import java.util.Deque;
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

  private record Pending(long sentNanos, Promise<Response> promise) {}

  RedisLink(Vertx vertx, ContextInternal context, Redis redis) {
    this.context = context;
    this.redis = redis;
    this.timer = vertx.setPeriodic(LOOK_MILLIS, _ -> context.runOnContext(_ -> look()));
  }

  /** Sends {@code request}; may be called from anywhere, completes on the caller's context. */
  Future<Response> send(Request request) {
    ContextInternal caller = ContextInternal.current();
    Promise<Response> promise = caller != null ? caller.promise() : Promise.promise();
    if (caller != null && caller.nettyEventLoop().equals(context.nettyEventLoop())) {
      transmit(request, promise);
    } else {
      context.runOnContext(_ -> transmit(request, promise));
    }
    return promise.future();
  }

  private void transmit(Request request, Promise<Response> promise) {
    if (underWay.size() >= MOST_UNDER_WAY) {
      promise.fail(new StoreUnavailableException("too many commands wait for Redis"));
      return;
    }
    Pending pending = new Pending(System.nanoTime(), promise);
    underWay.add(pending);
    RedisConnection open = connection;
    if (open != null) {
      transmit(open, request, promise);
      return;
    }
    connect()
        .onComplete(
            made -> transmit(made, request, promise), failure -> promise.tryFail(away(failure)));
  }

  private static void transmit(RedisConnection open, Request request, Promise<Response> promise) {
    open.send(request)
        .onComplete(
            promise::tryComplete,
            failure -> promise.tryFail(failure instanceof ErrorType ? failure : away(failure)));
  }

  private Future<RedisConnection> connect() {
    if (connecting != null) {
      return connecting;
    }
    Promise<RedisConnection> promise = context.promise();
    connecting = promise.future();
    redis
        .connect()
        .onComplete(
            made ->
                context.runOnContext(
                    _ -> {
                      made.exceptionHandler(_ -> drop(made));
                      made.endHandler(_ -> drop(made));
                      connection = made;
                      connecting = null;
                      promise.complete(made);
                    }),
            failure ->
                context.runOnContext(
                    _ -> {
                      connecting = null;
                      promise.fail(failure);
                    }));
    return promise.future();
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

  private static StoreUnavailableException away(Throwable failure) {
    return new StoreUnavailableException(
        "Redis can't be reached: " + failure.getMessage(), failure);
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
