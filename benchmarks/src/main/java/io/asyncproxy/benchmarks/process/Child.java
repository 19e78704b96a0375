package io.asyncproxy.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A process of this run. Ended orderly by {@link #close()}, at once where that takes too long. */
public final class Child implements AutoCloseable {
  private static final int ORDERLY_SECONDS = 10;
  private static final int LAST_LINES = 5;

  private final String name;
  private final Process process;
  private final Path log;
  private final Consumer<Child> ended;

  Child(String name, Process process, Path log, Consumer<Child> ended) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.ended = ended;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Waits until it does what it is to do; looks every {@code pause}. */
  void await(BooleanSupplier ready, Duration most, Duration pause) throws InterruptedException {
    long until = System.nanoTime() + most.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive()) {
        throw new CannotMeasureException(name + " ended while it started: " + lastLines());
      }
      if (System.nanoTime() - until > 0) {
        throw new CannotMeasureException(
            name + " was not ready after " + most.toSeconds() + " s: " + lastLines());
      }
      Thread.sleep(pause);
    }
  }

  private String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "(its log can't be read: " + e.getMessage() + ")";
    }
  }

  void kill() {
    process.destroyForcibly();
    ended.accept(this);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(ORDERLY_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    ended.accept(this);
  }
}
