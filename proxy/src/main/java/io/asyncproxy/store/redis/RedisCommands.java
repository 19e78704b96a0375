package io.asyncproxy.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Commands and scripts, each sent by the link of its caller's event loop. Thread-safe. */
final class RedisCommands {
  private final Vertx vertx;
  private final Redis redis;
  private final int replicas;
  private final RedisLink fallback;
  private final ConcurrentHashMap<Object, RedisLink> links = new ConcurrentHashMap<>();

  RedisCommands(Vertx vertx, Redis redis, int replicas) {
    this.vertx = vertx;
    this.redis = redis;
    this.replicas = replicas;
    this.fallback = new RedisLink(vertx, (ContextInternal) vertx.getOrCreateContext(), redis);
  }

  private RedisLink link() {
    Context current = Vertx.currentContext();
    if (current == null || !current.isEventLoopContext()) {
      return fallback;
    }
    ContextInternal context = (ContextInternal) current;
    RedisLink known = links.get(context.nettyEventLoop());
    return known != null
        ? known
        : links.computeIfAbsent(
            context.nettyEventLoop(), _ -> new RedisLink(vertx, context.unwrap(), redis));
  }

  /** Sends a command; completes with null where Redis says that there is nothing. */
  Future<Response> send(Command command, String... arguments) {
    Request request = Request.cmd(command);
    for (String argument : arguments) {
      request.arg(argument);
    }
    return link().send(request).recover(RedisCommands::unavailable);
  }

  /** Runs a script that changes nothing, or nothing that matters. */
  Future<Response> run(Scripts script, List<String> keys, List<byte[]> arguments) {
    RedisLink link = link();
    return link.send(request(Command.EVALSHA, script.sha(), keys, arguments))
        .recover(
            failure ->
                isUnknownScript(failure)
                    ? link.send(request(Command.EVAL, script.text(), keys, arguments))
                    : Future.failedFuture(failure))
        .recover(RedisCommands::unavailable);
  }

  /** Runs a script that writes; completes when as many replicas as wanted have it. */
  Future<Response> write(Scripts script, List<String> keys, List<byte[]> arguments) {
    if (replicas == 0) {
      return run(script, keys, arguments);
    }
    Future<Response> written = run(script, keys, arguments);
    return written.compose(
        answer -> {
          Request wait = Request.cmd(Command.WAIT).arg(Integer.toString(replicas)).arg(WAIT_MILLIS);
          return link()
              .send(wait)
              .recover(RedisCommands::unavailable)
              .compose(
                  reached ->
                      number(reached) >= replicas
                          ? Future.succeededFuture(answer)
                          : Future.failedFuture(
                              new StoreUnavailableException(
                                  "only %d of %d replicas have it"
                                      .formatted(number(reached), replicas))));
        });
  }

  private static final String WAIT_MILLIS = "1000";

  private static Request request(
      Command command, String script, List<String> keys, List<byte[]> arguments) {
    Request request = Request.cmd(command).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    arguments.forEach(request::arg);
    return request;
  }

  private static boolean isUnknownScript(Throwable failure) {
    return failure instanceof ErrorType error && error.is("NOSCRIPT");
  }

  /** An error that Redis answers means that it did nothing. */
  private static <T> Future<T> unavailable(Throwable failure) {
    return Future.failedFuture(
        failure instanceof StoreUnavailableException
            ? failure
            : new StoreUnavailableException("Redis says " + failure.getMessage(), failure));
  }

  static boolean isList(Response response) {
    return response.type() == ResponseType.MULTI;
  }

  static long number(Response response) {
    return Long.parseLong(response.toString());
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  Future<Void> close() {
    links.values().forEach(link -> link.close(vertx));
    fallback.close(vertx);
    return redis.close();
  }
}
