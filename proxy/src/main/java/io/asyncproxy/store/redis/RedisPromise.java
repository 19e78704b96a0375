package io.asyncproxy.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the connected server keeps of what it said yes to.
 *
 * @param text a sentence for operators
 * @param keepsAll whether a crash of the server loses nothing that was answered
 */
public record RedisPromise(String text, boolean keepsAll) {

  /** Asks the server. */
  static Future<RedisPromise> of(RedisCommands redis, int replicasWaitedFor) {
    Future<String> persistence = redis.send(Command.INFO, "persistence").map(RedisPromise::text);
    Future<String> replication = redis.send(Command.INFO, "replication").map(RedisPromise::text);
    Future<String> fsync =
        redis
            .send(Command.CONFIG, "GET", "appendfsync")
            .map(RedisPromise::fsync)
            .otherwise("unknown"); // managed servers forbid it
    return Future.all(persistence, replication, fsync)
        .map(
            _ ->
                judge(
                    persistence.result().contains("aof_enabled:1"),
                    fsync.result(),
                    replicas(replication.result()),
                    replicasWaitedFor));
  }

  private static String text(@Nullable Response response) {
    return response == null ? "" : response.toString(UTF_8);
  }

  private static String fsync(@Nullable Response config) {
    if (config == null || config.size() == 0) {
      return "unknown";
    }
    if (config.isMap()) {
      return config.get("appendfsync").toString(UTF_8);
    }
    return config.get(1).toString(UTF_8);
  }

  private static int replicas(String info) {
    Matcher matcher = Pattern.compile("connected_slaves:(\\d+)").matcher(info);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  static RedisPromise judge(boolean aof, String fsync, int replicas, int waitedFor) {
    String copies =
        "%d replica%s, %s waited for"
            .formatted(replicas, replicas == 1 ? "" : "s", waitedFor == 0 ? "none" : waitedFor);
    String disk =
        !aof
            ? "appendonly is off: a crash of Redis loses everything since its last snapshot"
            : switch (fsync) {
              case "always" -> "appendfsync always: a crash of Redis loses nothing";
              case "everysec" ->
                  "appendfsync everysec: a crash of its machine loses up to a second";
              case "no" -> "appendfsync no: a crash of its machine loses up to half a minute";
              default -> "appendonly is on, appendfsync unknown";
            };
    String failover =
        replicas > waitedFor ? "; a failover loses what the new primary had not received" : "";
    return new RedisPromise(
        disk + "; " + copies + failover, aof && fsync.equals("always") && failover.isEmpty());
  }
}
