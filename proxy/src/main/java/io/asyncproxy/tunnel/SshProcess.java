package io.asyncproxy.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A running ssh, and what it says, line by line.
 *
 * <p>Its standard input stays open for as long as this process lives: a shell on the other side
 * would end without it, and with it ends as soon as we do, even by {@code kill -9}.
 */
final class SshProcess implements AutoCloseable {
  private static final int LONGEST_LINE = 1_000;
  private static final int LINES = 256;
  private static final Duration STRAGGLERS = Duration.ofSeconds(5);
  private static final long GRACE_SECONDS = 2;

  /** Something that it said or did. */
  sealed interface Said {
    /** A line of its own or of the server's; of a longer one the first 1,000 characters. */
    record Line(String text, boolean isError) implements Said {}

    /** It has ended; there is nothing after this. */
    record Ended(int exitCode) implements Said {}
  }

  private final Process process;
  private final BlockingQueue<Said> said = new ArrayBlockingQueue<>(LINES);
  private final List<Thread> readers;

  private SshProcess(Process process) {
    this.process = process;
    Thread output = thread("tunnel-output", () -> read(process.getInputStream(), false));
    Thread errors = thread("tunnel-errors", () -> read(process.getErrorStream(), true));
    Thread end = thread("tunnel-end", () -> awaitEnd(output, errors));
    this.readers = List.of(output, errors, end);
  }

  /** Starts {@code command}. */
  static SshProcess start(List<String> command) throws IOException {
    SshProcess started = new SshProcess(new ProcessBuilder(command).start());
    started.readers.forEach(Thread::start);
    return started;
  }

  /** What runs until it is done or interrupted. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private static Thread thread(String name, Work work) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .unstarted(
            () -> {
              try {
                work.run();
              } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void read(InputStream stream, boolean isError) throws InterruptedException {
    try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      StringBuilder line = new StringBuilder();
      for (int next = reader.read(); next >= 0; next = reader.read()) {
        if (next == '\n' || next == '\r') {
          say(line, isError);
        } else if (line.length() < LONGEST_LINE) {
          line.append((char) next);
        }
      }
      say(line, isError);
    } catch (IOException ended) {
      // how it ended is for awaitEnd to say
    }
  }

  private void say(StringBuilder line, boolean isError) throws InterruptedException {
    if (!line.isEmpty()) {
      said.put(new Said.Line(line.toString(), isError));
      line.setLength(0);
    }
  }

  /** A child that it leaves behind may keep its output open: what is read by then is all. */
  private void awaitEnd(Thread output, Thread errors) throws InterruptedException {
    int exitCode = process.waitFor();
    long end = System.nanoTime() + STRAGGLERS.toNanos();
    output.join(STRAGGLERS);
    errors.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    said.put(new Said.Ended(exitCode));
  }

  /** The next thing that it says; empty where there is none within {@code wait}. */
  Optional<Said> next(Duration wait) throws InterruptedException {
    @Nullable Said next = said.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    return Optional.ofNullable(next);
  }

  /** Ends it, and what it has started: asked first, and by force after 2 s. */
  @Override
  public void close() {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroy();
    started.forEach(ProcessHandle::destroy);
    if (!isGone()) {
      process.destroyForcibly();
      started.forEach(ProcessHandle::destroyForcibly);
      isGone();
    }
    readers.forEach(Thread::interrupt);
  }

  private boolean isGone() {
    try {
      return process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
