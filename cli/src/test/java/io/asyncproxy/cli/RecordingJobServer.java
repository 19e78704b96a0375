package io.asyncproxy.cli;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A job server that writes down every start, and repeats each callback until somebody understands
 * it. A few starts are refused as too many, a few callbacks come before the start's answer, a few
 * come twice at once.
 */
final class RecordingJobServer implements AutoCloseable {
  private static final double RARELY = 0.02;
  private static final int ANSWER_MILLIS = 20;
  private static final int EARLY_MILLIS = 100;
  private static final int AGAIN_MILLIS = 100;

  private final Map<String, RecordedJob> jobs = new ConcurrentHashMap<>();
  private final AtomicInteger owed = new AtomicInteger();
  private final Vertx vertx;
  private final HttpServer server;
  private final ProxyPort proxy;

  private volatile boolean sheds = true;

  /** Serves at once; calls back to the proxy at {@code proxy}. */
  RecordingJobServer(Vertx vertx, ProxyPort proxy) throws Exception {
    this.vertx = vertx;
    this.proxy = proxy;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> request.body().onSuccess(body -> asked(request, new JsonObject(body))))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  /** Never too busy from now on: how fast jobs are started is then nobody's luck. */
  void takesAll() {
    sheds = false;
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/start";
  }

  private void asked(HttpServerRequest request, JsonObject body) {
    if (sheds && happens(RARELY)) {
      request.response().setStatusCode(503).end();
      return;
    }
    String callback = body.getString("callback");
    RecordedJob job =
        jobs.computeIfAbsent(callback, url -> new RecordedJob(url, body.getString("marker")));
    job.started();
    if (happens(RARELY)) {
      callBack(job);
      after(EARLY_MILLIS, () -> accept(request.response(), job));
    } else {
      after(random(1, ANSWER_MILLIS), () -> accept(request.response(), job));
      callBackLater(job);
    }
  }

  private void callBackLater(RecordedJob job) {
    owed.incrementAndGet();
    after(
        random(50, 1500),
        () -> {
          callBack(job);
          if (happens(RARELY)) {
            callBack(job);
          }
          owed.decrementAndGet();
        });
  }

  private static void accept(HttpServerResponse response, RecordedJob job) {
    if (!response.closed()) {
      response.end(new JsonObject().put("state", "running").put("id", job.id()).encode());
    }
  }

  private void callBack(RecordedJob job) {
    owed.incrementAndGet();
    post(job);
  }

  private void post(RecordedJob job) {
    proxy
        .post(job.callbackPath(), Map.of(), job.result())
        .onComplete(
            answer -> {
              if (answer.status() < 500) {
                job.answered(answer);
                owed.decrementAndGet();
              } else {
                after(AGAIN_MILLIS, () -> post(job));
              }
            },
            _ -> after(AGAIN_MILLIS, () -> post(job)));
  }

  private void after(int millis, Runnable action) {
    vertx.setTimer(millis, _ -> action.run());
  }

  private static boolean happens(double rate) {
    return ThreadLocalRandom.current().nextDouble() < rate;
  }

  private static int random(int least, int most) {
    return ThreadLocalRandom.current().nextInt(least, most + 1);
  }

  /** Every job that was ever started here. */
  Collection<RecordedJob> jobs() {
    return jobs.values();
  }

  /** How many callbacks are still to be made, or to be answered. */
  int owed() {
    return owed.get();
  }

  /** Waits until every callback was answered; false where some were not in time. */
  boolean settles(Duration longest) {
    long began = System.nanoTime();
    while (owed.get() > 0) {
      if (System.nanoTime() - began > longest.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(10_000_000);
    }
    return true;
  }

  @Override
  public void close() throws Exception {
    server.close().await(10, TimeUnit.SECONDS);
  }
}
