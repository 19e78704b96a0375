package io.asyncproxy.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.store.StoreUnavailableException;
import io.asyncproxy.store.redis.RedisLink.Call;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
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
    return link().send(new Call.Plain(request));
  }

  /** Runs a script that changes nothing, or nothing that matters. */
  Future<Response> run(Scripts script, List<String> keys, List<byte[]> arguments) {
    return link().send(new Call.Script(script, keys, arguments));
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
              .send(new Call.Plain(wait))
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
