package io.asyncproxy.cli;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * So many clients, each with one job at a time: who has a key repeats its request until it is
 * answered, who was answered 202 asks at the {@code Location} until the job is finished, and who
 * has neither gives a broken request up. On one event loop.
 */
final class CrashClients {
  private static final int AGAIN_MILLIS = 250;
  private static final Set<String> FINISHED = Set.of("completed", "failed", "expired", "cancelled");

  private final Vertx vertx;
  private final Context context;
  private final ProxyPort proxy;
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger cut = new AtomicInteger();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final AtomicInteger active = new AtomicInteger();
  private final Promise<Void> ended = Promise.promise();
  private volatile boolean stopping;

  CrashClients(Vertx vertx, ProxyPort proxy) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.proxy = proxy;
  }

  void start(int clients) {
    active.set(clients);
    context.runOnContext(
        _ -> {
          for (int i = 0; i < clients; i++) {
            next();
          }
        });
  }

  /** No new requests; completes when every client has its answer. */
  Future<Void> stop() {
    stopping = true;
    return ended.future();
  }

  private void next() {
    if (!stopping) {
      Asked request = new Asked(numbers.incrementAndGet());
      asked.add(request);
      ask(request);
    } else if (active.decrementAndGet() == 0) {
      ended.complete();
    }
  }

  private void ask(Asked request) {
    request
        .sendTo(proxy)
        .onComplete(answer -> answered(request, answer), failure -> broken(request, failure));
  }

  private void broken(Asked request, Throwable failure) {
    if (failure instanceof ConnectException) {
      again(() -> ask(request)); // surely not sent
    } else {
      cut.incrementAndGet();
      again(() -> goOn(request));
    }
  }

  private void goOn(Asked request) {
    if (request.hasKey()) {
      ask(request);
    } else {
      next();
    }
  }

  private void answered(Asked request, Answer answer) {
    switch (answer.status()) {
      case 200, 504 -> next();
      case 202 -> follow(answer.header("Location").orElseThrow());
      case 503 -> { // no job was made: it is only just starting
        refused.add(answer.body());
        again(() -> goOn(request));
      }
      default -> {
        surprises.add(request + " was answered " + answer.status() + " " + answer.body());
        next();
      }
    }
  }

  private void follow(String location) {
    proxy
        .get(location, Map.of("Prefer", "wait=5"))
        .onComplete(answer -> followed(location, answer), _ -> again(() -> follow(location)));
  }

  private void followed(String location, Answer answer) {
    if (answer.status() != 200) {
      surprises.add(location + " was answered " + answer.status() + " " + answer.body());
      next();
    } else if (FINISHED.contains(new JsonObject(answer.body()).getString("state"))) {
      next();
    } else {
      follow(location);
    }
  }

  private void again(Runnable action) {
    vertx.setTimer(AGAIN_MILLIS, _ -> action.run());
  }

  Collection<Asked> asked() {
    return List.copyOf(asked);
  }

  /** Answers that nobody can expect. */
  List<String> surprises() {
    return List.copyOf(surprises);
  }

  /** What the requests were told that were answered 503. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  /** How many requests ended without an answer. */
  int cut() {
    return cut.get();
  }
}
