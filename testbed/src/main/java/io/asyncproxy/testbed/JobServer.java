package io.asyncproxy.testbed;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A simulated job server. {@code POST /start} starts a job; with {@code "wait":true} its connection
 * hangs until the result, otherwise the result is sent to the job's callback URL. Any number of
 * jobs runs at once, but each account is served one connection at a time. {@code GET /jobs/{id}}
 * tells how a job stands, {@code GET /stats} what was seen. Everything happens on one event loop.
 */
public final class JobServer {
  private static final String JOBS = "/jobs/";
  private static final int JOBS_REMEMBERED = 100_000;
  private static final int CALLBACK_ATTEMPTS = 6;
  private static final long CALLBACK_PAUSE_MILLIS = 200;

  private final JobServerOptions options;
  private final Vertx vertx;
  private final Accounts accounts = new Accounts();
  private final JobServerStats stats = new JobServerStats();
  private final Optional<StandardWebhook> signer;
  private final Clock clock;
  private final Map<String, Job> recent =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Job> eldest) {
          return size() > JOBS_REMEMBERED;
        }
      };
  private final Optional<RateLimit> limit;
  private Context context;
  private HttpServer server;
  private HttpClient client;

  /** A job server that is not started yet. */
  @SuppressWarnings("NullAway.Init") // listener and client come to be on its event loop
  public JobServer(Vertx vertx, JobServerOptions options, Clock clock) {
    this.vertx = vertx;
    this.options = options;
    this.clock = clock;
    this.signer = options.callbackSecret().map(StandardWebhook::new);
    this.limit = options.rateLimit().map(rate -> new RateLimit(rate, System.nanoTime()));
  }

  /** Starts; completes with the port. */
  public Future<Integer> start() {
    return vertx
        .deployVerticle(
            new AbstractVerticle() {
              @Override
              public void start(Promise<Void> started) {
                listen().<Void>mapEmpty().onComplete(started);
              }
            })
        .map(_ -> server.actualPort());
  }

  private Future<HttpServer> listen() {
    context = vertx.getOrCreateContext();
    client =
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(128).setMaxWaitQueueSize(1_000_000));
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setPort(options.port())
                    .setAcceptBacklog(4_096)
                    .setTcpNoDelay(true))
            .requestHandler(this::handle);
    return server.listen();
  }

  private void handle(HttpServerRequest request) {
    switch (String.valueOf(request.path())) {
      case "/start" -> start(request);
      case "/stats" -> respond(request, 200, stats.json(accounts.queued()));
      case String path when path.startsWith(JOBS) -> status(request, path.substring(JOBS.length()));
      default ->
          respond(request, 404, error("There is only POST /start, GET /jobs/{id} and GET /stats"));
    }
  }

  private void status(HttpServerRequest request, String id) {
    stats.count("status_asked");
    Job job = recent.get(id);
    if (job == null) {
      respond(request, 404, error("No such job"));
    } else {
      boolean runs = clock.instant().isBefore(job.startedAt().plus(options.delay()));
      respond(request, 200, runs ? job.running() : job.result());
    }
  }

  private void start(HttpServerRequest request) {
    stats.count("requests");
    if (!request.method().equals(HttpMethod.POST)) {
      request.response().putHeader("Allow", "POST");
      respond(request, 405, error("POST"));
      return;
    }
    request.body().onSuccess(body -> start(request, body));
  }

  private void start(HttpServerRequest request, Buffer body) {
    try {
      StartCall call = StartCall.parse(body.toJsonObject());
      accounts.acquire(call.account(), () -> serve(request, call));
    } catch (DecodeException | ClassCastException | IllegalArgumentException invalid) {
      stats.count("invalid");
      respond(request, 400, error("Invalid JSON, or no account, or no callback"));
    }
  }

  private void serve(HttpServerRequest request, StartCall call) {
    Runnable release = once(() -> accounts.release(call.account()));
    request.response().closeHandler(_ -> release.run());
    request.response().endHandler(_ -> release.run());
    if (request.response().closed()) {
      release.run();
    } else if (limit.isPresent() && !limit.get().tryTake(System.nanoTime())) {
      stats.count("limited");
      request.response().putHeader("Retry-After", "1");
      respond(request, 429, error("Too many starts"));
    } else if (happens(options.rejectRate())) {
      stats.count("rejected");
      respond(request, 400, error("Rejected at random"));
    } else if (happens(options.errorRate())) {
      stats.count("errors");
      respond(request, 500, error("Failed at random"));
    } else {
      run(request, call, Job.of(call.account(), clock.instant()));
    }
  }

  private void run(HttpServerRequest request, StartCall call, Job job) {
    stats.started(call.callback());
    recent.put(job.id(), job);
    if (call.waits()) {
      later(options.delay().toMillis(), () -> respond(request, 200, job.result()));
    } else if (happens(options.earlyCallbacks())) {
      callBack(call, job).onComplete(_ -> respond(request, 200, job.running()));
    } else {
      later(options.slowStart().toMillis(), () -> respond(request, 200, job.running()));
      later(options.delay().toMillis(), () -> callBack(call, job));
    }
  }

  private Future<Void> callBack(StartCall call, Job job) {
    if (happens(options.loseCallbacks())) {
      stats.count("callbacks_lost");
      return Future.succeededFuture();
    }
    Buffer result = job.result().toBuffer();
    Future<Void> sent = send(call.callback(), job, result, 1);
    return happens(options.duplicateCallbacks())
        ? sent.compose(_ -> send(call.callback(), job, result, 1))
        : sent;
  }

  /** Sends until it is answered, a few times at most: 2xx to 4xx are answers, the rest is not. */
  private Future<Void> send(String url, Job job, Buffer result, int attempt) {
    stats.count("callbacks_sent");
    RequestOptions request = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url);
    request.putHeader("Content-Type", "application/json").setIdleTimeout(30_000);
    long now = clock.instant().getEpochSecond();
    signer.ifPresent(s -> s.headers(job.id(), now, result.getBytes()).forEach(request::putHeader));
    Promise<Void> done = Promise.promise();
    client
        .request(request)
        .compose(r -> r.send(result))
        .compose(response -> response.end().map(response.statusCode()))
        .onComplete(
            status -> {
              if (status >= 500) {
                sendAgain(url, job, result, attempt, done);
              } else {
                stats.count(status < 300 ? "callbacks_ok" : "callbacks_refused");
                done.complete();
              }
            },
            _ -> sendAgain(url, job, result, attempt, done));
    return done.future();
  }

  private void sendAgain(String url, Job job, Buffer result, int attempt, Promise<Void> done) {
    if (attempt == CALLBACK_ATTEMPTS) {
      stats.count("callbacks_failed");
      done.complete();
    } else {
      long pause = CALLBACK_PAUSE_MILLIS << attempt;
      later(pause, () -> send(url, job, result, attempt + 1).onComplete(done));
    }
  }

  private void later(long millis, Runnable action) {
    if (millis <= 0) {
      action.run();
    } else {
      vertx.setTimer(millis, _ -> action.run());
    }
  }

  private static Runnable once(Runnable action) {
    AtomicBoolean over = new AtomicBoolean();
    return () -> {
      if (over.compareAndSet(false, true)) {
        action.run();
      }
    };
  }

  private static boolean happens(double rate) {
    return rate > 0 && ThreadLocalRandom.current().nextDouble() < rate;
  }

  private static JsonObject error(String error) {
    return new JsonObject().put("error", error);
  }

  private static void respond(HttpServerRequest request, int status, JsonObject body) {
    if (!request.response().ended() && !request.response().closed()) {
      request
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", "application/json")
          .end(body.toBuffer());
    }
  }

  /** What proves that a result is of this job and of no other: the SHA-1 of its id and account. */
  public static String proof(String id, String account) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((id + account).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().withUpperCase().formatHex(digest);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException("SHA-1 is missing from this Java", everyJdkHasIt);
    }
  }

  /** What it has seen, as {@code GET /stats} tells it. */
  public Future<JsonObject> stats() {
    Promise<JsonObject> answer = Promise.promise();
    context.runOnContext(_ -> answer.complete(stats.json(accounts.queued())));
    return answer.future();
  }

  /** Stops listening. */
  public Future<Void> close() {
    return server.close().eventually(client::close);
  }

  /** A start as it was asked for. */
  private record StartCall(String account, boolean waits, String callback) {
    static StartCall parse(JsonObject json) {
      String account = json.getString("account", "");
      boolean wait = json.getBoolean("wait", false);
      String callback = json.getString("callback", "");
      if (account.isEmpty() || (!wait && callback.isEmpty())) {
        throw new IllegalArgumentException("no account, or no callback");
      }
      return new StartCall(account, wait, callback);
    }
  }

  /** A job that runs. */
  private record Job(String id, Instant startedAt, String proof) {
    static Job of(String account, Instant now) {
      String id = "%016x".formatted(ThreadLocalRandom.current().nextLong());
      return new Job(id, now.truncatedTo(ChronoUnit.MILLIS), JobServer.proof(id, account));
    }

    JsonObject running() {
      return new JsonObject().put("state", "running").put("id", id);
    }

    JsonObject result() {
      return new JsonObject()
          .put("id", id)
          .put("state", "completed")
          .put("startedAt", startedAt.toString())
          .put("proof", proof);
    }
  }
}
