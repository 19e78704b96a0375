package io.asyncproxy.benchmarks.simulator;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What the simulator saw and did. Counted on its event loop, read by anybody. */
public final class SimulatorStats {
  /** What is counted. */
  public enum Counted {
    STARTED,
    LIMITED,
    BUSY,
    RESET,
    LOST,
    DUPLICATED,
    CALLBACKS_TAKEN,
    CALLBACKS_REFUSED
  }

  private final ConcurrentMap<Counted, LongAdder> counts = new ConcurrentHashMap<>();

  SimulatorStats() {
    for (Counted counted : Counted.values()) {
      counts.put(counted, new LongAdder());
    }
  }

  void count(Counted counted) {
    adder(counted).increment();
  }

  /** How often it has happened. */
  public long of(Counted counted) {
    return adder(counted).sum();
  }

  private LongAdder adder(Counted counted) {
    return counts.computeIfAbsent(counted, _ -> new LongAdder());
  }

  String json() {
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(count -> "\"" + count.getKey() + "\":" + count.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
