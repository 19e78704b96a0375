package io.asyncproxy.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.Eventually;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.testbed.RedisServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections whose other end is gone without a word are left for new ones. */
@SuppressWarnings("NullAway.Init") // started before each test
class RedisGoneTest {
  private final Vertx vertx = Vertx.vertx();
  private RedisServer server;
  private Relay relay;
  private RedisJobStore store;

  @BeforeEach
  void start() throws Exception {
    server = RedisServer.notSynced();
    relay = new Relay(server.port());
    store = await(RedisStores.open(vertx, "redis://127.0.0.1:" + relay.port(), 0, "a"));
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
    relay.close();
    server.close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }

  @Test
  void storeAnswersAgainWithoutTheOldConnections() throws Exception {
    await(store.check());
    relay.mute();
    assertThat(store.accept(Jobs.starting()).otherwiseEmpty().await()).isNull();
    Eventually.that(() -> assertThat(await(isThere())).isTrue());
  }

  /** As on a machine that is busy with starting. */
  @Test
  void firstAnswerMayTakeLongerThanOthers() throws Exception {
    server.pause();
    Future<RedisJobStore> opening = RedisStores.open(vertx, server.url(), 0, "b");
    Thread.sleep(3_000);
    assertThat(opening.isComplete()).isFalse();
    server.goOn();
    await(await(opening).check());
  }

  @Test
  void primaryThatBecameAReplicaIsLeftForTheOneThatItsNameMeansNow() throws Exception {
    await(store.check());
    try (RedisServer next = RedisServer.notSynced()) {
      relay.turnTo(next.port());
      ask(Request.cmd(Command.REPLICAOF).arg("127.0.0.1").arg(next.port()));
      Eventually.that(() -> assertThat(await(isThere())).isTrue());
      assertThat(await(store.accept(Jobs.starting()))).isInstanceOf(Acceptance.Created.class);
    }
  }

  private Future<Boolean> isThere() {
    return store.check().map(true).otherwise(false);
  }

  @Test
  void nodeHearsAgainOfWhatChangesElsewhere() throws Exception {
    await(store.node().join(JsonObject::new));
    Eventually.that(() -> assertThat(subscribers()).endsWith(", 1]"));
    String before = listener();
    relay.mute();
    Eventually.that(() -> assertThat(listener()).startsWith("id=").isNotEqualTo(before));
  }

  private String subscribers() throws Exception {
    return ask(Request.cmd(Command.PUBSUB).arg("NUMSUB").arg(Keys.channel("a")));
  }

  /** The connection that listens, and was made last. */
  private String listener() throws Exception {
    String all = ask(Request.cmd(Command.CLIENT).arg("LIST").arg("TYPE").arg("pubsub")).strip();
    return all.substring(all.lastIndexOf('\n') + 1).split(" ")[0];
  }

  private String ask(Request request) throws Exception {
    Redis redis = Redis.createClient(vertx, server.url());
    String answer = await(redis.send(request).map(String::valueOf));
    await(redis.close());
    return answer;
  }
}
