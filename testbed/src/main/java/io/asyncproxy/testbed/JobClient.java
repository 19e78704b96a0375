package io.asyncproxy.testbed;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Posts jobs with {@code "wait":true}, many at once, and reports how they went. Waits for each
 * until it is answered, ten times the deadline and 10 s at most.
 */
public final class JobClient {
  private final Vertx vertx;
  private final JobClientOptions options;
  private final IntConsumer progress;
  private final HttpClient client;
  private final List<JsonObject> results = new ArrayList<>();
  private final Map<String, Integer> errors = new TreeMap<>();
  private final Promise<JobClientReport> report = Promise.promise();
  private Duration spent = Duration.ZERO;
  private long beganNanos;
  private int sent;
  private int done;

  /**
   * A client that has not begun.
   *
   * @param progress told how many jobs are done, each time
   */
  public JobClient(Vertx vertx, JobClientOptions options, IntConsumer progress) {
    this.vertx = vertx;
    this.options = options;
    this.progress = progress;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true).setKeepAliveTimeout(10),
            new PoolOptions().setHttp1MaxSize(options.concurrency()).setMaxWaitQueueSize(-1));
  }

  /** Runs all jobs; completes when each is done. */
  public Future<JobClientReport> run() {
    vertx
        .getOrCreateContext()
        .runOnContext(
            _ -> {
              beganNanos = System.nanoTime();
              progress.accept(0);
              for (int i = 0; i < Math.min(options.concurrency(), options.jobs()); i++) {
                next();
              }
            });
    return report.future().onComplete(_ -> client.close());
  }

  private void next() {
    if (sent == options.jobs()) {
      return;
    }
    sent++;
    long sentNanos = System.nanoTime();
    JsonObject job = new JsonObject().put("account", options.account()).put("wait", true);
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(options.url().toString())
            .setIdleTimeout(options.deadline().toMillis() * 10 + 10_000)
            .putHeader("Content-Type", "application/json");
    client
        .request(request)
        .compose(r -> r.send(job.toBuffer()))
        .compose(response -> response.body().map(body -> read(response.statusCode(), body)))
        .onComplete(
            result -> succeeded(result, System.nanoTime() - sentNanos),
            failure -> failed(String.valueOf(failure.getMessage())));
  }

  private static JsonObject read(int status, Buffer body) {
    if (status != 200) {
      throw new IllegalStateException("status " + status);
    }
    try {
      JsonObject result = body.toJsonObject();
      if ("completed".equals(result.getString("state"))) {
        return result;
      }
    } catch (DecodeException | ClassCastException nonsense) {
      throw new IllegalStateException("the answer is not a result", nonsense);
    }
    throw new IllegalStateException("the answer is not a completed job");
  }

  private void succeeded(JsonObject result, long nanos) {
    results.add(result);
    spent = spent.plusNanos(nanos);
    finishOne();
  }

  private void failed(String error) {
    errors.merge(error, 1, Integer::sum);
    finishOne();
  }

  private void finishOne() {
    done++;
    progress.accept(done);
    if (done == options.jobs()) {
      Duration total = Duration.ofNanos(System.nanoTime() - beganNanos);
      Duration average = results.isEmpty() ? Duration.ZERO : spent.dividedBy(results.size());
      report.complete(
          new JobClientReport(options.jobs(), results, errors, average, total, options.deadline()));
    } else {
      next();
    }
  }
}
