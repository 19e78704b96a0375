package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.Load;
import io.asyncproxy.benchmarks.load.Tally;
import io.asyncproxy.benchmarks.process.CpuTime;
import io.asyncproxy.benchmarks.report.FigureKey;
import io.asyncproxy.benchmarks.report.Figures;
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

  /** CPU per job and throughput, as those of {@code label}. */
  void addTo(Figures figures, String label) {
    figures.add(FigureKey.of(label, "CPU per job", "µs"), cpuMicrosPerJob());
    figures.add(FigureKey.of(label, "user", "µs"), userMicrosPerJob());
    figures.add(FigureKey.of(label, "sys", "µs"), systemMicrosPerJob());
    figures.add(FigureKey.of(label, "throughput", "jobs/s"), perSecond());
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
