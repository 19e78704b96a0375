package io.asyncproxy;

import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.embedded.EmbeddedJobStore;
import io.asyncproxy.store.memory.MemoryJobStore;
import java.nio.file.Path;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store that a URL names. */
final class Stores {
  private static final Logger LOG = LoggerFactory.getLogger(Stores.class);
  private static final String FILE = "file:";

  /** The part of the heap that the memory store fills: more costs a third of the CPU in paging. */
  private static final int HEAP_SHARE = 16;

  private Stores() {}

  /** Opens it; blocks. */
  static JobStore open(String url, InstantSource clock) {
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
