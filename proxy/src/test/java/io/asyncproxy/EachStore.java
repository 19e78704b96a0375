package io.asyncproxy;

import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.embedded.EmbeddedJobStore;
import io.asyncproxy.store.redis.RedisStores;
import io.asyncproxy.testbed.RedisServer;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Proxies before one job server, on each kind of store, and the stores themselves. */
final class EachStore implements AutoCloseable {
  enum Kind {
    MEMORY,
    FILE,
    REDIS
  }

  private final ScriptedJobServer jobServer;
  private final Path folder;
  private final RedisServer redis;
  private final Vertx vertx = Vertx.vertx();

  EachStore(ScriptedJobServer jobServer, Path folder, RedisServer redis) throws Exception {
    this.jobServer = jobServer;
    this.folder = folder;
    this.redis = redis;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      socket.getOutputStream().write("FLUSHALL\r\n".getBytes(StandardCharsets.UTF_8));
      socket.getInputStream().read();
    }
  }

  private String url(Kind kind) {
    return switch (kind) {
      case MEMORY -> "memory:";
      case FILE -> "file:" + folder;
      case REDIS -> redis.url();
    };
  }

  /** A proxy in the mode {@code auth}. */
  RunningProxy proxy(Kind kind, String auth, String... more) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("job-server.url", jobServer.url());
    settings.put("store.url", url(kind));
    settings.put("callback.auth", auth);
    if (auth.equals("signature")) {
      settings.put("callback.secret", Callbacks.KEY);
    }
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new RunningProxy(settings);
  }

  /** The store, while no proxy has it. */
  JobStore open(Kind kind) throws Exception {
    return kind == Kind.FILE
        ? EmbeddedJobStore.open(folder, InstantSource.system(), _ -> {})
        : RedisStores.open(vertx, redis.url(), 0, "test").await(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }
}
