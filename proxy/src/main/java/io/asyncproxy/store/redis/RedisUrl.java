package io.asyncproxy.store.redis;

import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisRole;
import java.util.Arrays;
import java.util.List;

/**
 * {@code store.url} for Redis: {@code redis://[user:password@]host[:port][/db]}, {@code rediss://}
 * with TLS, {@code redis-sentinel://[user:password@]host:port,host:port/name}, or several {@code
 * redis://} separated by commas for the nodes of a Redis Cluster.
 */
final class RedisUrl {
  private static final String SENTINEL = "redis-sentinel://";
  private static final int CONNECTIONS = 64;
  private static final int CONNECT_MILLIS = 2_000;

  private RedisUrl() {}

  static RedisOptions options(String url) {
    RedisOptions options =
        new RedisOptions()
            .setMaxPoolSize(CONNECTIONS)
            .setMaxPoolWaiting(CONNECTIONS)
            .setMaxWaitingHandlers(100_000)
            .setPreferredProtocolVersion(io.vertx.redis.client.ProtocolVersion.RESP2)
            .setNetClientOptions(
                new NetClientOptions()
                    .setTcpKeepAlive(true)
                    .setTcpNoDelay(true)
                    .setConnectTimeout(CONNECT_MILLIS)
                    .setHostnameVerificationAlgorithm("HTTPS"));
    if (url.startsWith(SENTINEL)) {
      return sentinel(url, options);
    }
    List<String> endpoints = Arrays.stream(url.split(",")).map(String::strip).toList();
    return endpoints.size() == 1
        ? options.setConnectionString(url)
        : options.setType(RedisClientType.CLUSTER).setEndpoints(endpoints);
  }

  private static RedisOptions sentinel(String url, RedisOptions options) {
    String rest = url.substring(SENTINEL.length());
    int slash = rest.lastIndexOf('/');
    int at = rest.lastIndexOf('@');
    String user = rest.substring(0, at + 1);
    List<String> endpoints =
        Arrays.stream(rest.substring(at + 1, slash).split(","))
            .map(host -> "redis://" + user + host.strip())
            .toList();
    return options
        .setType(RedisClientType.SENTINEL)
        .setEndpoints(endpoints)
        .setMasterName(rest.substring(slash + 1))
        .setRole(RedisRole.MASTER)
        .setAutoFailover(true);
  }
}
