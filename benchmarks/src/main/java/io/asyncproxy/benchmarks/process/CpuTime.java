package io.asyncproxy.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time of a process in microseconds, all of its threads (proc_pid_stat(5)). */
public record CpuTime(double userMicros, double systemMicros) {
  /** {@code USER_HZ} is 100 wherever Linux runs Java. */
  private static final double MICROS_PER_TICK = 10_000;

  /** What it used since it started. */
  public static CpuTime of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return new CpuTime(
          Long.parseLong(fields[11]) * MICROS_PER_TICK,
          Long.parseLong(fields[12]) * MICROS_PER_TICK);
    } catch (IOException e) {
      throw new CannotMeasureException("process " + pid + " is gone", e);
    }
  }

  /** What it used since then. */
  public CpuTime since(CpuTime before) {
    return new CpuTime(userMicros - before.userMicros, systemMicros - before.systemMicros);
  }

  /** In user mode and in the kernel. */
  public double totalMicros() {
    return userMicros + systemMicros;
  }
}
