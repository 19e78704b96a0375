package io.asyncproxy.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The start-up cache of a jar, as {@code .mvn/find-jdk.sh} knows it. */
public final class StartupCache {
  private StartupCache() {}

  /** The file, where it is there and was made of this very jar. */
  public static Optional<Path> of(LabSettings settings) {
    Path cache = settings.cache();
    Path of = cache.resolveSibling(cache.getFileName() + ".of");
    try {
      return Files.isReadable(cache)
              && Files.isReadable(of)
              && Files.readString(of).strip().equals(stamp(settings.jar()))
          ? Optional.of(cache)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String stamp(Path jar) throws IOException {
    return Files.size(jar) + " " + Files.getLastModifiedTime(jar).to(TimeUnit.SECONDS);
  }
}
