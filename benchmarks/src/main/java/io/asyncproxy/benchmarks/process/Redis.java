package io.asyncproxy.benchmarks.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Redis of this machine, each command on disk before it is answered. */
final class Redis {
  private static final String NAME = "redis-server";

  private Redis() {}

  static boolean isOnPath() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, NAME)));
  }

  static List<String> command(int port, Path folder) {
    return List.of(
        NAME,
        "--port",
        Integer.toString(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        folder.toString(),
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        "always");
  }
}
