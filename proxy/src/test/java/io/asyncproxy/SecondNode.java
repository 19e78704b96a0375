package io.asyncproxy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Another node in a process of its own, that can be killed. */
final class SecondNode {
  private SecondNode() {}

  /** Runs until it is killed, on the Redis whose URL is the only argument. */
  public static void main(String[] arguments) throws Exception {
    new RunningProxy(Map.of("store.url", arguments[0]));
    Thread.currentThread().join();
  }

  static Process start(String redis, Path log) throws Exception {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                SecondNode.class.getName(),
                redis))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}
