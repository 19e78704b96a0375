package io.asyncproxy;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many requests this machine can hold: each takes a file descriptor and some memory. */
final class HeldCapacity {
  /** For callbacks, connections to the job server, files and the JVM itself. */
  private static final long DESCRIPTORS_KEPT_FREE = 2_000;

  /** Measured at 5 KB of live heap; twice that, so that half of the heap stays for the rest. */
  private static final long HEAP_BYTES_PER_HELD = 10_000;

  private HeldCapacity() {}

  static int ofThisMachine() {
    long byHeap = Runtime.getRuntime().maxMemory() / HEAP_BYTES_PER_HELD;
    return Math.clamp(Math.min(byHeap, byDescriptors()), 100, 1_000_000);
  }

  /**
   * How many connections each event loop may have open: what the descriptors allow, but for some.
   */
  static int connectionsPerLoop() {
    long all = Math.min(byDescriptors(), 1L << 40) + DESCRIPTORS_KEPT_FREE / 2;
    return (int) Math.min(all / Runtime.getRuntime().availableProcessors(), 1_000_000);
  }

  private static long byDescriptors() {
    boolean unix =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean;
    if (!unix) {
      return Long.MAX_VALUE;
    }
    var os = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Math.max(os.getMaxFileDescriptorCount() - DESCRIPTORS_KEPT_FREE, 100);
  }
}
