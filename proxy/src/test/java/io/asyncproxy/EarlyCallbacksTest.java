package io.asyncproxy;

import static io.asyncproxy.Callbacks.result;
import static io.asyncproxy.Callbacks.status;
import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.EachStore.Kind;
import io.asyncproxy.callback.StrayCallback;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Submission;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note;
import io.asyncproxy.testbed.RedisServer;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a crash leaves of a callback and its start response is brought together afterwards. */
@SuppressWarnings("NullAway.Init") // started before each test
class EarlyCallbacksTest {
  private static final String RESULT = result("j1", "1");
  private static RedisServer redis;

  @TempDir private Path folder;
  private ScriptedJobServer jobServer;
  private EachStore stores;
  private final SecureRandom random = new SecureRandom();

  @BeforeAll
  static void startRedis() throws Exception {
    redis = RedisServer.notSynced();
  }

  @AfterAll
  static void stopRedis() throws Exception {
    redis.close();
  }

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
    jobServer.onStart(start -> start.accept("j1"));
    stores = new EachStore(jobServer, folder, redis);
  }

  @AfterEach
  void stop() throws Exception {
    stores.close();
    jobServer.close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }

  private Submission submission() {
    Instant now = Instant.now();
    JobId id = JobId.create(now.toEpochMilli(), random);
    return new Submission(id, "a", "{\"account\":\"a\"}".getBytes(UTF_8), now, Optional.empty());
  }

  /** A job whose start response is known to it. */
  private JobId running(JobStore store) throws Exception {
    Job job = Job.starting(submission(), Instant.now().plusSeconds(60));
    await(store.accept(job));
    Instant lease = Instant.now().plusSeconds(60);
    await(store.apply(job.id(), new Change.Started(1, Optional.of("j1"), lease)));
    return job.id();
  }

  private Note early() {
    return early(Instant.now());
  }

  private Note early(Instant now) {
    byte[] content =
        new StrayCallback(Optional.of("m1"), "early", RESULT.getBytes(UTF_8), Optional.empty())
            .content();
    return new Note(Note.Kind.EARLY, JobId.create(now.toEpochMilli(), random), "j1", now, content);
  }

  private static void awaitResult(RunningProxy proxy, JobId job) {
    Eventually.that(
        () ->
            assertThat(proxy.get("/proxy/jobs/" + job).body())
                .asString()
                .contains("\"completed\"", "\"result\":" + RESULT));
  }

  private void assertNothingIsLeft(Kind kind) throws Exception {
    JobStore store = stores.open(kind);
    assertThat(await(store.notes().count(Note.Kind.EARLY))).isZero();
    assertThat(await(store.notes().count(Note.Kind.ORPHAN))).isZero();
    await(store.close());
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "REDIS"})
  void noteAndLinkThatNobodyBroughtTogether(Kind kind) throws Exception {
    JobStore store = stores.open(kind);
    JobId job = running(store);
    await(store.notes().jobOf("j1", early()));
    await(store.notes().link("j1", job, Instant.now(), Duration.ofHours(1)));
    await(store.close());
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      awaitResult(proxy, job);
      assertThat(status(proxy, "m1", result("j1", "x"))).isEqualTo("duplicate");
    }
    assertNothingIsLeft(kind);
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "REDIS"})
  void noteAndLinkOfBeforeAChangeToTokens(Kind kind) throws Exception {
    JobStore store = stores.open(kind);
    JobId job = running(store);
    await(store.notes().jobOf("j1", early()));
    await(store.notes().link("j1", job, Instant.now(), Duration.ofHours(1)));
    await(store.close());
    try (RunningProxy proxy = stores.proxy(kind, "token")) {
      awaitResult(proxy, job);
    }
    assertNothingIsLeft(kind);
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "REDIS"})
  void linkAlone(Kind kind) throws Exception {
    JobStore store = stores.open(kind);
    JobId job = running(store);
    await(store.notes().link("j1", job, Instant.now(), Duration.ofHours(1)));
    await(store.close());
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      assertThat(status(proxy, "m1", RESULT)).isEqualTo("stored");
      awaitResult(proxy, job);
    }
    assertNothingIsLeft(kind);
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "REDIS"})
  void noteAloneWaitsForTheStartResponse(Kind kind) throws Exception {
    JobStore store = stores.open(kind);
    Submission submission = submission();
    await(store.accept(Job.accepted(submission, Instant.now())));
    await(store.notes().jobOf("j1", early()));
    await(store.close());
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      awaitResult(proxy, submission.id());
    }
    assertNothingIsLeft(kind);
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "REDIS"})
  void proxyIsStartedAgainBetweenCallbackAndStartResponse(Kind kind) throws Exception {
    jobServer.onStart(start -> {});
    String[] settings = {
      "job-server.idempotent", "true", "job-server.timeout", "200ms", "job-server.backoff", "10ms"
    };
    String job;
    try (RunningProxy proxy = stores.proxy(kind, "signature", settings)) {
      var answer = proxy.proxy("{\"account\":\"a\"}", "Prefer", "respond-async");
      job = header(answer.get(20, TimeUnit.SECONDS), "Job-Id");
      jobServer.nextStart();
      assertThat(status(proxy, "m1", RESULT)).isEqualTo("unknown");
    }
    jobServer.onStart(start -> start.accept("j1"));
    try (RunningProxy proxy = stores.proxy(kind, "signature", settings)) {
      awaitResult(proxy, JobId.parse(job).orElseThrow());
      assertThat(json(proxy.get("/proxy/jobs/" + job)).getString("job_server_id")).isEqualTo("j1");
    }
    assertNothingIsLeft(kind);
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "REDIS"})
  void noteThatIsTooOldIsAnOrphanUntilItsStartResponseComesAfterAll(Kind kind) throws Exception {
    JobStore store = stores.open(kind);
    await(store.notes().jobOf("j1", early(Instant.now().minusSeconds(60))));
    await(store.close());
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      Eventually.that(() -> assertThat(orphaned(proxy)).isEqualTo("1.0"));
      var held = proxy.proxy("{\"account\":\"a\"}");
      assertThat(held.get(20, TimeUnit.SECONDS).body()).asString().isEqualTo(RESULT);
      assertThat(orphaned(proxy)).isEqualTo("1.0");
    }
    assertNothingIsLeft(kind);
  }

  /** Its record says nothing of being found by name, and who started it has forgotten it. */
  @ParameterizedTest
  @EnumSource(names = {"FILE", "REDIS"})
  void jobThatWasAcceptedBeforeAChangeFromTokensIsFoundByItsName(Kind kind) throws Exception {
    JobStore store = stores.open(kind);
    Submission submission = submission();
    await(store.accept(Job.accepted(submission, Instant.now())));
    await(store.close());
    String job = "/proxy/jobs/" + submission.id();
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      Eventually.that(() -> assertThat(proxy.get(job).body()).asString().contains("\"j1\""));
    }
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      assertThat(status(proxy, "m1", RESULT)).isEqualTo("stored");
      awaitResult(proxy, submission.id());
    }
    assertNothingIsLeft(kind);
  }

  /** A result may come for it as long as it is kept: it has to be found by then. */
  @Test
  void jobThatExpiredBeforeItsStartWasAnsweredIsFoundByItsName() throws Exception {
    Kind kind = Kind.FILE; // the others write each name by itself
    jobServer.onStart(start -> {});
    String job;
    try (RunningProxy proxy =
        stores.proxy(kind, "signature", "job.timeout", "1s", "job-server.timeout", "30s")) {
      var answer = proxy.proxy("{\"account\":\"a\"}", "Prefer", "respond-async");
      job = "/proxy/jobs/" + header(answer.get(20, TimeUnit.SECONDS), "Job-Id");
      ScriptedJobServer.Start start = jobServer.nextStart();
      Eventually.that(() -> assertThat(proxy.get(job).body()).asString().contains("expired"));
      start.accept("j1");
      Eventually.that(
          () -> assertThat(proxy.get(job).body()).asString().contains("\"job_server_id\":\"j1\""));
    }
    try (RunningProxy proxy = stores.proxy(kind, "signature")) {
      assertThat(status(proxy, "m1", RESULT)).isEqualTo("stored");
    }
    assertNothingIsLeft(kind);
  }

  private static String orphaned(RunningProxy proxy) throws Exception {
    return Callbacks.metric(proxy, "asyncproxy_callbacks_orphaned_total");
  }
}
