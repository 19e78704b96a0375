package io.asyncproxy.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process takes up (proc_pid_status(5)).
 *
 * @param residentBytes resident memory
 * @param threads its threads
 * @param descriptors its open files and sockets
 */
public record Footprint(long residentBytes, long threads, long descriptors) {
  /** At this moment. */
  public static Footprint of(long pid) {
    Path process = Path.of("/proc", Long.toString(pid));
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      String status = Files.readString(process.resolve("status"));
      return new Footprint(
          number(status, "VmRSS:") * 1_024, number(status, "Threads:"), descriptors.count());
    } catch (IOException e) {
      throw new CannotMeasureException("process " + pid + " is gone", e);
    }
  }

  private static long number(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0L);
  }

  /** Bytes of all files below. */
  public static long bytesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(Footprint::size).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException _) {
      return 0; // deleted meanwhile
    }
  }
}
