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

  double cpuMicrosPerJob() {
    return cpu.totalMicros() / Math.max(1, tally.completed());
  }

  double userMicrosPerJob() {
    return cpu.userMicros() / Math.max(1, tally.completed());
  }

  double systemMicrosPerJob() {
    return cpu.systemMicros() / Math.max(1, tally.completed());
  }
}
