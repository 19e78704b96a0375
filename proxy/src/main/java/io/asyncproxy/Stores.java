package io.asyncproxy;

import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.embedded.EmbeddedJobStore;
import io.asyncproxy.store.memory.MemoryJobStore;
import io.asyncproxy.store.redis.RedisNode;
import io.asyncproxy.store.redis.RedisStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store that a URL names. */
final class Stores {
  private static final Logger LOG = LoggerFactory.getLogger(Stores.class);
  private static final String FILE = "file:";
  private static final String REDIS = "redis";

  /** The part of the heap that the memory store fills: more costs a third of the CPU in paging. */
  private static final int HEAP_SHARE = 16;

  private Stores() {}

  /** A store, and this process among the others that share it. */
  record Opened(JobStore store, Optional<RedisNode> others) {}

  /** Opens it; blocks where it is a file. */
  static Future<Opened> open(
      ProxySettings settings, InstantSource clock, Vertx vertx, String node) {
    String url = settings.storeUrl();
    if (url.startsWith(REDIS)) {
      return RedisStores.open(vertx, url, settings.storeReplicas(), node)
          .map(store -> new Opened(store, Optional.of(store.node())));
    }
    return Future.succeededFuture(new Opened(local(url, clock), Optional.empty()));
  }

  /** Loads what opening it will need; blocks where it is a file. */
  static void prepare(ProxySettings settings) {
    if (settings.storeUrl().startsWith(FILE)) {
      EmbeddedJobStore.prepare();
    }
  }

  private static JobStore local(String url, InstantSource clock) {
    if (url.startsWith(FILE)) {
      Path directory = Path.of(url.substring(FILE.length()));
      return EmbeddedJobStore.open(directory, clock, Stores::stopProcess);
    }
    return new MemoryJobStore(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
  }

  /** Nobody knows what is on the disk: the next start finds out from the log. */
  private static void stopProcess(String why) {
    LOG.error("Stopping at once, because {}; start again when the disk is well", why);
    Runtime.getRuntime().halt(1);
  }
}
