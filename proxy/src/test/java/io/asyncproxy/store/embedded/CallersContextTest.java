package io.asyncproxy.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.Jobs;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;

/** Whoever calls the store from an event loop is answered there, on its own context. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set before each test
class CallersContextTest {
  private static final int LOOPS = 3;
  private static final int CONTEXTS = 2 * LOOPS;
  private static final int CALLERS_EACH = 100;

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
  private final FaultAt faults =
      new FaultAt(FaultAt.Moment.BEFORE_COMMIT, SQLiteErrorCode.SQLITE_FULL);
  private final List<Context> contexts = new CopyOnWriteArrayList<>();
  private final Queue<String> elsewhere = new ConcurrentLinkedQueue<>();
  private EmbeddedJobStore store;

  @BeforeEach
  void open() throws Exception {
    store = EmbeddedJobStore.open(folder, InstantSource.fixed(Jobs.CREATED), _ -> {}, faults);
    vertx
        .deployVerticle(
            () ->
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    contexts.add(context);
                    return Future.succeededFuture();
                  }
                },
            new DeploymentOptions().setInstances(CONTEXTS))
        .await(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    store.close().await(20, TimeUnit.SECONDS);
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  /** One caller: on a context of its own, as each request to an HTTP server is. */
  @FunctionalInterface
  private interface Caller {
    Future<?> call(Runnable sawCompletion);
  }

  private void fromEverywhere(int completionsOfEach, Caller caller) throws InterruptedException {
    CountDownLatch left = new CountDownLatch(CONTEXTS * CALLERS_EACH * completionsOfEach);
    for (int i = 0; i < CALLERS_EACH; i++) {
      for (Context context : contexts) {
        Context own = ((ContextInternal) context).duplicate();
        own.runOnContext(_ -> caller.call(() -> completed(own, left)));
      }
    }
    assertThat(left.await(30, TimeUnit.SECONDS)).as("every call is completed").isTrue();
    assertThat(elsewhere).isEmpty();
  }

  private void completed(Context own, CountDownLatch left) {
    @Nullable Context current = Vertx.currentContext();
    if (!own.equals(current)) { // contexts are equal only to themselves
      elsewhere.add(Thread.currentThread().getName() + ": " + current);
    }
    left.countDown();
  }

  @Test
  void writesAndReadsCompleteOnTheirCallersContext() throws Exception {
    fromEverywhere(
        3,
        seen -> {
          Job job = job();
          return store
              .accept(job)
              .onComplete(_ -> seen.run())
              .compose(_ -> store.apply(job.id(), finish()))
              .onComplete(_ -> seen.run())
              .compose(_ -> store.find(job.id()))
              .onComplete(_ -> seen.run());
        });
  }

  @Test
  void failuresCompleteOnTheirCallersContext() throws Exception {
    faults.hold();
    Future<Void> before = store.check();
    faults.awaitHeld();
    Queue<Boolean> failed = new ConcurrentLinkedQueue<>();
    CountDownLatch queued = new CountDownLatch(CONTEXTS * CALLERS_EACH);
    Thread release =
        Thread.ofVirtual()
            .start(
                () -> {
                  awaitAll(queued);
                  faults.releaseAndFailAt(2);
                });
    fromEverywhere(
        1,
        seen -> {
          Future<?> accepted =
              store
                  .accept(job())
                  .onComplete(
                      done -> {
                        failed.add(done.failed());
                        seen.run();
                      });
          queued.countDown();
          return accepted;
        });
    release.join();
    assertThat(before.succeeded()).isTrue();
    assertThat(failed).hasSize(CONTEXTS * CALLERS_EACH).containsOnly(true);
  }

  private static void awaitAll(CountDownLatch queued) {
    try {
      assertThat(queued.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static synchronized Job job() {
    return Jobs.starting();
  }

  private static Change finish() {
    return new Change.Finish(
        Jobs.result("{\"id\":\"1\"}"), Jobs.CREATED, Jobs.CREATED.plusSeconds(3600));
  }
}
