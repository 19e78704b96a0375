package io.asyncproxy.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.Eventually;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.store.Claim;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.JobStoreContract;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Verdict;
import io.asyncproxy.testbed.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Redis store does what every store does, against a real server. */
@SuppressWarnings("NullAway.Init") // started before all tests
class RedisJobStoreTest extends JobStoreContract {
  private static Vertx vertx;
  private static RedisServer server;

  @BeforeAll
  static void startRedis() throws Exception {
    vertx = Vertx.vertx();
    server = RedisServer.notSynced();
  }

  @AfterAll
  static void stopRedis() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
    server.close();
  }

  @Override
  protected JobStore open() throws Exception {
    ask(Command.FLUSHALL);
    return node("a");
  }

  private static RedisJobStore node(String name) {
    return await(RedisStores.open(vertx, server.url(), 0, name));
  }

  @Override
  protected long rows() throws Exception {
    return Long.parseLong(ask(Command.DBSIZE));
  }

  @Test
  void jobThatCannotBeReadKeepsNoOtherFromItsTurn() throws Exception {
    assertUnreadableIsPassedOver(
        id -> assertThat(ask(Request.cmd(Command.HDEL).arg(Keys.job(id)).arg("a"))).isEqualTo("1"));
  }

  private static String ask(Command command) {
    return ask(Request.cmd(command));
  }

  private static String ask(Request request) {
    Redis redis = Redis.createClient(vertx, server.url());
    String answer = await(redis.send(request).map(String::valueOf));
    await(redis.close());
    return answer;
  }

  @Test
  void nodeThatDidNotMakeTheChangeHearsOfIt() throws Exception {
    RedisJobStore holder = node("holder");
    RedisJobStore other = node("other");
    BlockingQueue<JobId> heard = new LinkedBlockingQueue<>();
    holder.watch((id, state, outcome) -> outcome.ifPresent(_ -> heard.add(id)));
    await(holder.node().join(io.vertx.core.json.JsonObject::new));
    Job job = Job.starting(submission("a"), LATER);
    await(holder.accept(job));
    awaitListener(other, heard);
    await(other.apply(job.id(), finish("{\"id\":\"1\"}")));
    Eventually.that(() -> assertThat(heard).contains(job.id()));
    await(holder.close());
    await(other.close());
  }

  @Test
  void newsCarryASmallResultAndItsState() {
    Job job = Job.starting(submission("a"), LATER);
    byte[] failed =
        RedisCommands.bytes(job.id() + JobHash.code(JobState.FAILED) + "{\"state\":\"failed\"}");
    News news = News.read(failed).orElseThrow();
    assertThat(news.id()).isEqualTo(job.id());
    assertThat(news.state()).contains(JobState.FAILED);
    assertThat(news.result().orElseThrow().failed()).isTrue();
    assertThat(news.result().orElseThrow().body()).asString().isEqualTo("{\"state\":\"failed\"}");
    assertThat(News.read(RedisCommands.bytes(job.id().toString())).orElseThrow().result())
        .isEmpty();
    assertThat(News.read(RedisCommands.bytes("x"))).isEmpty();
    assertThat(News.read(RedisCommands.bytes("x".repeat(50)))).isEmpty();
  }

  /** Messages are heard once the subscription stands, which is a moment after joining. */
  private void awaitListener(RedisJobStore other, BlockingQueue<JobId> heard) throws Exception {
    for (int i = 0; i < 100 && heard.isEmpty(); i++) {
      Job probe = Job.starting(submission("probe"), LATER);
      RedisJobStore holder = node("holder");
      await(holder.accept(probe));
      await(other.apply(probe.id(), finish("{\"id\":\"0\"}")));
      await(holder.close());
      if (heard.poll(100, TimeUnit.MILLISECONDS) != null) {
        heard.clear();
        return;
      }
    }
  }

  @Test
  void followerOnAnotherNodeHearsToo() throws Exception {
    RedisJobStore maker = node("maker");
    RedisJobStore follower = node("follower");
    BlockingQueue<JobId> heard = new LinkedBlockingQueue<>();
    follower.watch((id, state, outcome) -> outcome.ifPresent(_ -> heard.add(id)));
    await(follower.node().join(io.vertx.core.json.JsonObject::new));
    boolean told = false;
    for (int i = 0; i < 100 && !told; i++) {
      Job job = Job.starting(submission("a"), LATER);
      await(maker.accept(job));
      await(follower.follow(job.id()));
      await(maker.apply(job.id(), finish("{\"id\":\"1\"}")));
      told = heard.poll(100, TimeUnit.MILLISECONDS) != null;
    }
    assertThat(told).isTrue();
    await(maker.close());
    await(follower.close());
  }

  @Test
  void nodesAreSeenAndGoWhenTheyLeave() {
    RedisJobStore a = node("n1");
    RedisJobStore b = node("n2");
    await(a.node().join(() -> new io.vertx.core.json.JsonObject().put("id", "n1")));
    await(b.node().join(() -> new io.vertx.core.json.JsonObject().put("id", "n2")));
    assertThat(await(a.node().living()))
        .extracting(node -> node.getString("id"))
        .contains("n1", "n2");
    await(b.close());
    assertThat(await(a.node().living()))
        .extracting(node -> node.getString("id"))
        .containsExactly("n1");
    await(a.close());
  }

  @Test
  void pausedNodeCannotOverwriteWhatItsSuccessorDid() {
    Job job = Job.accepted(submission("a"), NOW);
    await(store.accept(job));
    RedisJobStore successor = node("successor");
    assertThat(await(successor.claimDue(new Claim(NOW, LATER, LIFETIMES), 10))).hasSize(1);
    assertThat(await(successor.apply(job.id(), new Change.Start(1, NOW, LATER))))
        .isInstanceOf(Verdict.Applied.class);
    assertThat(await(store.apply(job.id(), new Change.Start(1, NOW, LATER))))
        .isInstanceOf(Verdict.Refused.class);
    await(successor.apply(job.id(), new Change.Unclear(attempt(1), LATER)));
    await(successor.apply(job.id(), new Change.Start(2, NOW, LATER)));
    assertThat(await(store.apply(job.id(), new Change.Started(1, Optional.of("old"), LATER))))
        .isInstanceOf(Verdict.Refused.class);
    assertThat(find(job.id()).jobServerId()).isEmpty();
    await(successor.close());
  }

  @Test
  void releasedJobsAreDueAtOnceUnlessTheyWereStarted() {
    Job waiting = Job.accepted(submission("a"), LATER);
    Job started = Job.starting(submission("b"), LATER);
    await(store.accept(waiting));
    await(store.accept(started));
    await(store.release(List.of(waiting.id(), started.id()), NOW));
    assertThat(await(store.claimDue(new Claim(NOW, LATER, LIFETIMES), 10)))
        .extracting(Job::id)
        .containsExactly(waiting.id());
  }

  @Test
  void finishedAndForgottenJobsAreToldFromTheOthers() {
    Job open = Job.starting(submission("a"), LATER);
    Job done = Job.starting(submission("b"), LATER);
    await(store.accept(open));
    await(store.accept(done));
    await(store.apply(done.id(), finish("{}")));
    JobId gone = Job.starting(submission("c"), LATER).id();
    assertThat(await(store.finished(List.of(open.id(), done.id(), gone))))
        .containsExactlyInAnyOrder(done.id(), gone);
    assertThat(find(done.id()).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void whatIsKnownOfCallbacksWithTheSameIdDoesNotGrow() {
    for (int i = 0; i < 3_000; i++) {
      Note note =
          new Note(
              Note.Kind.EARLY, JobId.create(NOW.toEpochMilli(), RANDOM), "ping", LATER, bytes("x"));
      await(
          store
              .notes()
              .jobOf("ping", note)
              .compose(_ -> store.notes().remove(Note.Kind.EARLY, note.id())));
    }
    long named = Long.parseLong(ask(Request.cmd(Command.SCARD).arg(Keys.early("ping"))));
    assertThat(named).isLessThan(2_000);
  }
}
