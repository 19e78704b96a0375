package io.asyncproxy;

import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.memory.MemoryJobStore;
import io.vertx.core.Future;

/** Finds the store that a URL names. */
final class Stores {
  /** The share of the heap that the memory store fills. */
  private static final int HEAP_SHARE = 4;

  private Stores() {}

  static Future<JobStore> open(String url) {
    return Future.succeededFuture(
        new MemoryJobStore(Runtime.getRuntime().maxMemory() / HEAP_SHARE));
  }
}
