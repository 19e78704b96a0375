package io.asyncproxy.store.redis;

import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Response;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store that a Redis URL names. */
public final class RedisStores {
  private static final Logger LOG = LoggerFactory.getLogger(RedisStores.class);
  private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)\\.(\\d+)");

  /** Each for as long as any command may take, 2 s. */
  private static final int FIRST_TRIES = 5;

  private static final long SLOW_NANOS = 1_000_000_000;

  private RedisStores() {}

  /**
   * Connects; fails where Redis can't be reached, says nothing for 10 s, or is too old.
   *
   * @param replicas how many replicas must have a write before it counts
   * @param node this process' name among the nodes
   */
  public static Future<RedisJobStore> open(Vertx vertx, String url, int replicas, String node) {
    RedisOptions options = RedisUrl.options(url);
    boolean cluster = options.getType() == RedisClientType.CLUSTER;
    Redis redis = Redis.createClient(RedisSockets.of(vertx), options);
    RedisCommands commands = new RedisCommands(vertx, redis, replicas);
    return firstAnswer(commands, FIRST_TRIES)
        .map(RedisStores::requireVersion)
        .compose(_ -> RedisPromise.of(commands, replicas))
        .onFailure(_ -> commands.close())
        .map(
            promise -> {
              if (promise.keepsAll()) {
                LOG.info("Redis: {}", promise.text());
              } else {
                LOG.warn("Redis keeps less than \"stored\" means: {}", promise.text());
              }
              return new RedisJobStore(
                  commands, new RedisNode(vertx, redis, cluster, commands, node), replicas);
            });
  }

  /**
   * The first answer takes longest, and on a busy machine longer than any other may: what fails
   * because it is slow is tried again.
   */
  private static Future<Response> firstAnswer(RedisCommands commands, int triesLeft) {
    long began = System.nanoTime();
    return commands
        .send(Command.INFO, "server")
        .recover(
            failure ->
                triesLeft > 1 && System.nanoTime() - began >= SLOW_NANOS
                    ? firstAnswer(commands, triesLeft - 1)
                    : Future.failedFuture(failure));
  }

  private static boolean requireVersion(@Nullable Response info) {
    Matcher version = VERSION.matcher(String.valueOf(info));
    if (version.find()) {
      int major = Integer.parseInt(version.group(1));
      int minor = Integer.parseInt(version.group(2));
      if (major < 6 || (major == 6 && minor < 2)) {
        throw new StoreUnavailableException(
            "Redis %d.%d is too old: 6.2 or newer is needed".formatted(major, minor));
      }
    }
    return true;
  }
}
