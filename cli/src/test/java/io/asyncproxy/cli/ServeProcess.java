package io.asyncproxy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code serve} as a child process that is killed and started again on one store and one port. */
final class ServeProcess implements AutoCloseable {
  private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Path folder;
  private final List<String> settings;
  private final ProxyPort http;
  private int starts;
  private Process process;

  /** A process that is not started; {@code settings} are flags of {@code serve}. */
  @SuppressWarnings("NullAway.Init") // the first thing that is done is to start it
  ServeProcess(ProxyPort http, Path folder, List<String> settings) {
    this.http = http;
    this.folder = folder;
    this.settings = settings;
  }

  Path database() {
    return folder.resolve("store").resolve("jobs.db");
  }

  /** Starts it, and waits until it is ready. */
  void start() throws Exception {
    Path log = folder.resolve("log-" + ++starts);
    process =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    long began = System.nanoTime();
    while (!isReady()) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() - began > READY_NANOS) {
        throw new AssertionError("serve does not get ready: " + Files.readString(log));
      }
    }
  }

  private List<String> command() {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1", // it never lives long enough for more
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.asyncproxy.cli.Main",
                "serve",
                "--admin-port",
                "0",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(http.port()),
                "--log-format",
                "json",
                "--log-level",
                "warn"));
    unlessSet(command, "--public-url", "http://127.0.0.1:" + http.port() + "/proxy");
    unlessSet(command, "--store-url", "file:" + folder.resolve("store"));
    command.addAll(settings);
    return command;
  }

  private void unlessSet(List<String> command, String flag, String value) {
    if (!settings.contains(flag)) {
      command.addAll(List.of(flag, value));
    }
  }

  int port() {
    return http.port();
  }

  /** SIGTERM: drains; its exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("SIGTERM did not end it");
    }
    return process.exitValue();
  }

  /** SIGSTOP: it lives and does nothing, until {@link #goOn}. */
  void pause() throws Exception {
    signal("STOP");
  }

  void goOn() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  private boolean isReady() {
    try {
      return http.get("/readyz", Map.of()).await(10, TimeUnit.SECONDS).status() == 200;
    } catch (Exception notYet) {
      return false;
    }
  }

  /** {@code kill -9}: returns when there is no such process any more. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("kill -9 did not end it");
    }
  }

  /** What the processes so far logged as errors. */
  List<String> errors() throws IOException {
    List<String> errors = new ArrayList<>();
    for (int n = 1; n <= starts; n++) {
      try (var lines = Files.lines(folder.resolve("log-" + n))) {
        lines.filter(line -> line.contains("\"ERROR\"")).forEach(errors::add);
      }
    }
    return errors;
  }

  @Override
  public void close() throws InterruptedException {
    if (process != null) {
      kill();
    }
  }
}
