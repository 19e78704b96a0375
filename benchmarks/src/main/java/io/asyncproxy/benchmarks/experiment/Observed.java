package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.Load;
import io.asyncproxy.benchmarks.load.Tally;
import io.asyncproxy.benchmarks.process.CpuTime;
import java.time.Duration;

/**
 * One window of a load.
 *
 * @param tally answers of that time
 * @param seconds its length
 * @param cpu what the program under test used meanwhile
 */
record Observed(Tally tally, double seconds, CpuTime cpu) {
  static Observed during(Duration window, Load load, long pid) throws InterruptedException {
    load.take();
    CpuTime before = CpuTime.of(pid);
    long from = System.nanoTime();
    Thread.sleep(window);
    CpuTime used = CpuTime.of(pid).since(before);
    Tally tally = load.take();
    return new Observed(tally, (System.nanoTime() - from) / 1e9, used);
  }

  double perSecond() {
    return tally.completed() / seconds;
  }

  /** Infinite without any; {@code Figures} leave that out, and {@link Failures} tell. */
  double cpuMicrosPerJob() {
    return cpu.totalMicros() / tally.completed();
  }

  double userMicrosPerJob() {
    return cpu.userMicros() / tally.completed();
  }

  double systemMicrosPerJob() {
    return cpu.systemMicros() / tally.completed();
  }
}
