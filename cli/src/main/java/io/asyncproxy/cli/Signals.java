package io.asyncproxy.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGTERM and SIGINT. */
final class Signals {
  private static final int STARTING_SECONDS = 5;
  private static final int TERMINATED = 128 + 15;
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  /** What is done before the wait: whether it worked. */
  @FunctionalInterface
  interface Start {
    boolean run() throws Exception;
  }

  /** What is done before the process ends. */
  @FunctionalInterface
  interface Stop {
    void run() throws Exception;
  }

  private Signals() {}

  /**
   * Starts, waits for a signal, stops, and ends the process: with 0 when all went well, although
   * Java would end with the signal's number; with 1 when the start failed. A shutdown hook is
   * Java's only public way to hear of signals; it is in place before the start, so that whoever is
   * told that the start is over can send one. A signal amid the start waits 5 s for it.
   */
  static int startAndAwait(Start start, Stop stop) throws Exception {
    CompletableFuture<Boolean> started = new CompletableFuture<>();
    Thread hook = new Thread(() -> Runtime.getRuntime().halt(end(started, stop)), "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    boolean works = false;
    try {
      works = start.run();
    } finally {
      started.complete(works);
    }
    if (works) {
      new CountDownLatch(1).await();
    }
    return 1;
  }

  /**
   * From now on SIGHUP runs {@code action}, one at a time; where the system has no such signal
   * nothing does. {@code sun.misc.Signal} is the only way to hear of it, and not for all JDKs: it
   * is looked up, so that its absence is no reason not to serve.
   */
  static void onHangUp(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  synchronized (LOG) { // each signal comes on a thread of its own
                    action.run();
                  }
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), ours);
    } catch (ReflectiveOperationException | IllegalArgumentException none) {
      LOG.debug("SIGHUP is not heard: {}", none.toString());
    }
  }

  private static int end(CompletableFuture<Boolean> started, Stop stop) {
    try {
      if (!started.get(STARTING_SECONDS, TimeUnit.SECONDS)) {
        return 1;
      }
      stop.run();
      return 0;
    } catch (TimeoutException _) {
      return TERMINATED;
    } catch (Exception failure) {
      LOG.error("The stop failed", failure);
      return 1;
    }
  }
}
