package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Debian's {@code promtool}, which comes with its Prometheus. */
final class Promtool {
  static final Path DEPLOYED = Path.of("../deploy/prometheus").toAbsolutePath().normalize();

  /** What it said, and how it ended. */
  record Verdict(int status, List<String> lines) {}

  private Promtool() {}

  static Verdict run(String... arguments) throws Exception {
    return given("", arguments);
  }

  /** The same with {@code input} to read. */
  static Verdict given(String input, String... arguments) throws Exception {
    Process process = start("promtool", arguments);
    try (OutputStream to = process.getOutputStream()) {
      to.write(input.getBytes(UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Verdict(process.waitFor(), said.lines().toList());
  }

  private static Process start(String command, String... arguments) {
    try {
      return new ProcessBuilder(Stream.concat(Stream.of(command), Stream.of(arguments)).toList())
          .redirectErrorStream(true)
          .start();
    } catch (IOException missing) {
      throw new AssertionError(command + " is missing: apt-get install prometheus", missing);
    }
  }
}
