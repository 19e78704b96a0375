package io.asyncproxy.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Processes and the temporary folder of a run. All end with it, on Ctrl-C as well (a shutdown
 * hook). Thread-safe.
 */
final class Children implements AutoCloseable {
  private final Set<Child> running = ConcurrentHashMap.newKeySet();
  private final Path folder;
  private final Thread hook = new Thread(this::end, "end-children");

  Children(Path parent) {
    try {
      Files.createDirectories(parent);
      folder = Files.createTempDirectory(parent, "run-");
    } catch (IOException e) {
      throw new CannotMeasureException("No folder for this run can be made in " + parent, e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
  }

  Path folder() {
    return folder;
  }

  Child start(String name, List<String> command) {
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Child child = new Child(name, builder.start(), log, running::remove);
      running.add(child);
      return child;
    } catch (IOException e) {
      throw new CannotMeasureException(
          command.getFirst() + " could not be started: " + e.getMessage(), e);
    }
  }

  private void end() {
    List.copyOf(running).forEach(Child::kill);
    delete(folder);
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException _) {
      // What is left lies in target/, where the next clean takes it.
    }
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The hook runs already.
    }
  }
}
