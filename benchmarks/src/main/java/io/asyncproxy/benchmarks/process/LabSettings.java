package io.asyncproxy.benchmarks.process;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is measured with what.
 *
 * @param root the repository
 * @param jar the proxy's runnable jar
 * @param redis whether Redis is measured where there is one
 */
public record LabSettings(Path root, Path jar, boolean redis) {
  /** Checks that both are there. */
  public LabSettings {
    if (!Files.isRegularFile(jar)) {
      throw new CannotMeasureException(
          jar + " is not there: build it with './mvnw -Dquick package', or name another by --jar");
    }
    if (!Files.isRegularFile(root.resolve("packaging/jvm.options"))) {
      throw new CannotMeasureException(
          root + " is not the repository: start the benchmarks by benchmarks/run");
    }
  }

  Path jvmOptions() {
    return root.resolve("packaging/jvm.options");
  }

  Path runs() {
    return root.resolve("benchmarks/target/runs");
  }

  /** The start-up cache beside the jar; it may not be there, or be that of another jar. */
  public Path cache() {
    return Path.of(jar.toString().replaceFirst("\\.jar$", "") + ".aot");
  }
}
