package io.asyncproxy.benchmarks.process;

import java.util.List;

/**
 * How a proxy is started, besides its store and ports.
 *
 * @param heapMegabytes {@code -Xmx}
 * @param java further options of Java
 * @param settings flags of {@code serve}
 */
public record ProxyOptions(int heapMegabytes, List<String> java, List<String> settings) {
  private static final int HEAP_MEGABYTES = 1_024;

  /** 1 GB of heap, and settings as flags. */
  public static ProxyOptions with(String... settings) {
    return new ProxyOptions(HEAP_MEGABYTES, List.of(), List.of(settings));
  }

  /** The same with another heap. */
  public ProxyOptions heap(int megabytes) {
    return new ProxyOptions(megabytes, java, settings);
  }

  /** The same with further options of Java. */
  public ProxyOptions java(List<String> more) {
    return new ProxyOptions(heapMegabytes, more, settings);
  }
}
