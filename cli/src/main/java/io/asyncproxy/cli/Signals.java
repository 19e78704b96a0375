package io.asyncproxy.cli;

import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** SIGTERM and SIGINT. */
final class Signals {

  /** What is done before the process ends. */
  @FunctionalInterface
  interface Stop {
    void run() throws Exception;
  }

  private Signals() {}

  /**
   * Waits for a signal, stops, and ends the process: with 0 when all went well, although Java would
   * end with the signal's number. A shutdown hook is Java's only public way to hear of signals.
   */
  static int awaitThen(Stop stop) throws InterruptedException {
    Thread hook = new Thread(() -> Runtime.getRuntime().halt(exitCode(stop)), "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    new CountDownLatch(1).await();
    return 0;
  }

  private static int exitCode(Stop stop) {
    try {
      stop.run();
      return 0;
    } catch (Exception failure) {
      LoggerFactory.getLogger(Signals.class).error("The stop failed", failure);
      return 1;
    }
  }
}
