package io.asyncproxy.delivery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Finds the addresses of a host. */
@FunctionalInterface
public interface Resolver {

  /** All addresses of {@code host}; fails where it has none. */
  Future<List<InetAddress>> resolve(String host);

  /** As the system does it, on threads of its own: a slow name server holds up nothing else. */
  static Resolver ofSystem(Vertx vertx) {
    WorkerExecutor threads =
        vertx.createSharedWorkerExecutor(
            "resolve", 8, Duration.ofSeconds(30).toNanos(), TimeUnit.NANOSECONDS);
    return host ->
        threads
            .executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false)
            .map(found -> found == null ? List.<InetAddress>of() : found);
  }
}
