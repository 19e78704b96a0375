package io.asyncproxy.benchmarks;

import io.asyncproxy.benchmarks.process.CannotMeasureException;
import io.asyncproxy.benchmarks.report.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How many files and sockets a process may have: each held request of HTTP/1.1 takes one. */
final class Descriptors {
  private static final long HELD = 17_500;
  private static final long OTHERS = 6_000;

  private Descriptors() {}

  static void check(List<Topic> topics) throws IOException {
    check(topics, Files.readString(Path.of("/proc/self/limits")));
  }

  static void check(List<Topic> topics, String limits) {
    long needed = topics.contains(Topic.HELD) ? HELD : OTHERS;
    long allowed = hardLimit(limits);
    if (allowed < needed) {
      throw new CannotMeasureException(
          "A process may open %,d files, %,d are needed: raise the hard limit ('ulimit -Hn', or nofile in /etc/security/limits.conf)"
              .formatted(allowed, needed));
    }
  }

  /** Java raises its own limit to the hard one. */
  private static long hardLimit(String limits) {
    return limits
        .lines()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.replaceAll("\\s+", " ").split(" ")[4])
        .mapToLong(hard -> hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard))
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }
}
