package io.asyncproxy.benchmarks;

import io.asyncproxy.benchmarks.report.Provenance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The machine, its Java and the commit at hand. */
final class Surroundings {
  private Surroundings() {}

  static Provenance provenance(Path root, String command, String timing)
      throws InterruptedException {
    return new Provenance(
        commit(root),
        command,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        System.getProperty("java.vm.version") + " (" + System.getProperty("java.vendor") + ')',
        machine(),
        timing);
  }

  private static String commit(Path root) throws InterruptedException {
    String commit = git(root, "rev-parse", "--short=10", "HEAD");
    boolean changed = !git(root, "status", "--porcelain", "--", ":!docs/benchmarks").isEmpty();
    return commit.isEmpty() ? "unknown" : commit + (changed ? " + changes" : "");
  }

  private static String git(Path root, String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(root.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? said : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static String machine() {
    return "%d × %s, %s GB, Linux %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            value("/proc/cpuinfo", "model name", "processor"),
            gigabytes(),
            System.getProperty("os.version"));
  }

  private static String gigabytes() {
    String kilobytes = value("/proc/meminfo", "MemTotal", "0").replaceAll("\\D", "");
    return Long.toString(Math.round(Long.parseLong(kilobytes) / 1_048_576.0));
  }

  private static String value(String file, String name, String otherwise) {
    try {
      return Files.readString(Path.of(file))
          .lines()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
