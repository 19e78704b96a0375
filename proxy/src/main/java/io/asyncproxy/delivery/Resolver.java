package io.asyncproxy.delivery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds the addresses of a host. */
@FunctionalInterface
public interface Resolver {

  /** How many hosts are asked for at once; more fail. */
  int MOST = 1_000;

  /**
   * All addresses of {@code host}; fails where it has none, with a {@link TimeoutException} where
   * that can't be known now.
   */
  Future<List<InetAddress>> resolve(String host);

  /** As the system does it, on threads of its own: a slow name server holds up nothing else. */
  static Resolver ofSystem(Vertx vertx) {
    WorkerExecutor threads =
        vertx.createSharedWorkerExecutor(
            "resolve", 8, Duration.ofSeconds(30).toNanos(), TimeUnit.NANOSECONDS);
    AtomicInteger asked = new AtomicInteger();
    return host -> {
      if (asked.incrementAndGet() > MOST) {
        asked.decrementAndGet();
        return Future.failedFuture(new TimeoutException("too many names are being looked up"));
      }
      return threads
          .executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false)
          .onComplete(_ -> asked.decrementAndGet())
          .map(found -> found == null ? List.<InetAddress>of() : found);
    };
  }
}
