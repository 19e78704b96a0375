package io.asyncproxy.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.RawJobServer;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.job.Submission;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.loop.HandMovedTime;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Notes;
import io.asyncproxy.store.memory.MemoryJobStore;
import io.asyncproxy.trace.Tracing;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * When the job server's yes is written: not where the result, which says it too, is about to be.
 */
@SuppressWarnings("NullAway.Init") // started before each test
class SettlingTest {
  private static final Duration SOON = Duration.ofMillis(25);
  private static final Duration LATER = Duration.ofMillis(250);
  private static final Lifetimes LIFETIMES =
      new Lifetimes(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));

  private final Vertx vertx = Vertx.vertx();
  private final HandMovedTime time = new HandMovedTime();
  private final EventLoop loop = new EventLoop(vertx.getOrCreateContext(), time.deadlines());
  private final List<Change> written = new CopyOnWriteArrayList<>();
  private final JobStore store = remembering(new MemoryJobStore(1_000_000));
  private RawJobServer jobServer;
  private Dispatcher dispatcher;
  private Lane lane;
  private JobId job;
  private final Promise<StartOutcome> attempted = Promise.promise();

  private JobStore remembering(JobStore all) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (_, method, arguments) -> {
              if (method.getName().equals("apply")) {
                written.add((Change) arguments[1]);
              }
              return method.getName().equals("notes")
                  ? byRecord(all.notes())
                  : method.invoke(all, arguments);
            });
  }

  /** Notes of a store where a job's own record says its name, as in a file. */
  private static Notes byRecord(Notes all) {
    return (Notes)
        Proxy.newProxyInstance(
            Notes.class.getClassLoader(),
            new Class<?>[] {Notes.class},
            (_, method, arguments) ->
                method.getName().equals("knowNamedJobs") ? true : method.invoke(all, arguments));
  }

  private void start(boolean byId) throws Exception {
    jobServer =
        new RawJobServer(
            Integer.MAX_VALUE,
            (connection, server) -> {
              while (server.readRequest(connection)) {
                RawJobServer.write(
                    connection, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id\":\"1\"}");
              }
            });
    JobServerSettings settings =
        new JobServerSettings(
            URI.create(jobServer.url()),
            Duration.ofSeconds(20),
            10,
            1,
            1024,
            new BreakerSettings(50, 20, Duration.ofSeconds(1)),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty());
    RetryPolicy policy = new RetryPolicy(1, Duration.ofMillis(100), Duration.ofSeconds(5), false);
    dispatcher =
        new Dispatcher(
            settings,
            new NextStep(policy, LIFETIMES, new SecureRandom()),
            new Dispatcher.Surroundings(
                store,
                InstantSource.system(),
                byId,
                _ -> "http://127.0.0.1/callback",
                _ -> {},
                (_, _) -> {},
                Optional::empty,
                _ -> {},
                (_, outcome, _) -> attempted.complete(outcome),
                Tracing.NONE));
    lane =
        new Lane(
            loop,
            new JobServerClient(
                vertx,
                settings,
                new DefaultDialect(settings, false),
                loop,
                InstantSource.system(),
                (_, _, _, _) -> {}));
    Instant now = Instant.now();
    job = JobId.create(now.toEpochMilli(), new SecureRandom());
    byte[] body = "{\"account\":\"a\"}".getBytes(UTF_8);
    Submission submission = new Submission(job, "a", body, now, Optional.empty());
    onLoop(() -> dispatcher.submit(submission, lane));
    attempted.future().await(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    jobServer.close();
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private void onLoop(Runnable action) throws Exception {
    Promise<Void> done = Promise.promise();
    loop.execute(
        () -> {
          action.run();
          done.complete();
        });
    done.future().await(20, TimeUnit.SECONDS);
  }

  private void pass(Duration duration) throws Exception {
    onLoop(() -> time.pass(duration));
  }

  private void assertWritten() {
    assertThat(written).singleElement().isInstanceOf(Change.Started.class);
  }

  @Test
  void yesIsWrittenSoonWhereNothingElseComes() throws Exception {
    start(false);
    assertThat(written).isEmpty();
    pass(SOON);
    assertWritten();
    pass(LATER);
    assertWritten();
    assertThat(dispatcher.attempts().underWay()).isZero();
  }

  @Test
  void yesIsNeverWrittenWhereTheResultIsStoredMeanwhile() throws Exception {
    start(false);
    dispatcher.attempts().beingDecided(job);
    pass(SOON);
    assertThat(written).isEmpty();
    dispatcher.attempts().decided(job);
    pass(LATER);
    assertThat(written).isEmpty();
    assertThat(dispatcher.attempts().underWay()).isZero();
  }

  @Test
  void yesIsWrittenAfterAllWhereTheResultCannotBeStored() throws Exception {
    start(false);
    dispatcher.attempts().beingDecided(job);
    pass(SOON);
    assertThat(dispatcher.attempts().underWay())
        .as("what the end of the process waits for")
        .isOne();
    pass(LATER);
    assertWritten();
  }

  @Test
  void resultOfAJobThatIsNotUnderWayIsRememberedNowhere() throws Exception {
    start(false);
    pass(SOON);
    dispatcher.attempts().beingDecided(job);
    assertThat(dispatcher.attempts().underWay()).isZero();
  }

  @Test
  void nameThatIsOnlyInTheRecordIsWrittenAtOnce() throws Exception {
    start(true);
    onLoop(() -> {});
    assertWritten();
  }

  @Test
  void jobThatSomebodyElseHasBegunIsNotBegunAgain() throws Exception {
    start(false);
    Job begun = store.find(job).await().orElseThrow();
    assertThat(begun.state()).isEqualTo(JobState.STARTING);
    onLoop(() -> dispatcher.resume(begun, lane));
    onLoop(() -> {});
    assertThat(dispatcher.waiting()).isZero();
    assertThat(written).isEmpty();
  }
}
