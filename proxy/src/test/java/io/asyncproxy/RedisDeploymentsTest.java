package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncproxy.ScriptedJobServer.Start;
import io.asyncproxy.settings.Settings;
import io.asyncproxy.testbed.RedisServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms in which Redis is run: with a password, behind Sentinels, as a Cluster. */
@SuppressWarnings("NullAway.Init") // started before each test
class RedisDeploymentsTest {
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";

  @TempDir private Path folder;
  private final List<RedisServer> servers = new ArrayList<>();
  private final List<Process> others = new ArrayList<>();
  private ScriptedJobServer jobServer;

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
  }

  @AfterEach
  void stop() throws Exception {
    others.forEach(Process::destroyForcibly);
    for (RedisServer server : servers) {
      server.close();
    }
    jobServer.close();
  }

  private RedisServer server(String... options) throws Exception {
    servers.add(new RedisServer(options));
    return servers.getLast();
  }

  private RunningProxy proxy(String storeUrl) throws Exception {
    return new RunningProxy(Map.of("job-server.url", jobServer.url(), "store.url", storeUrl));
  }

  private HttpResponse<byte[]> run(RunningProxy proxy, String key) throws Exception {
    var held = proxy.proxy("{\"account\":\"a\"}", "Idempotency-Key", key);
    Start start = jobServer.nextStart();
    proxy.callBack(start.callback(), RESULT);
    return held.get(20, TimeUnit.SECONDS);
  }

  private static HttpResponse<byte[]> again(RunningProxy proxy, String key) throws Exception {
    return proxy.proxy("{\"account\":\"a\"}", "Idempotency-Key", key).get(20, TimeUnit.SECONDS);
  }

  @Test
  void passwordIsUsedAndNeverShown() throws Exception {
    RedisServer redis = server("--requirepass", "s3cret");
    String url = "redis://:s3cret@127.0.0.1:" + redis.port();
    try (RunningProxy proxy = proxy(url)) {
      assertThat(run(proxy, "k").statusCode()).isEqualTo(200);
    }
    assertThatThrownBy(() -> proxy("redis://:wrong@127.0.0.1:" + redis.port()).close())
        .hasMessageNotContaining("wrong@");
    assertThat(Settings.STORE_URL.shown(url)).isEqualTo("redis://***@127.0.0.1:" + redis.port());
  }

  @Test
  void clusterKeepsEachJobWithItsKeyInOneSlot() throws Exception {
    List<String> create = new ArrayList<>(List.of("redis-cli", "--cluster", "create"));
    for (int i = 0; i < 3; i++) {
      create.add("127.0.0.1:" + server("--cluster-enabled", "yes").port());
    }
    create.add("--cluster-yes");
    assertThat(new ProcessBuilder(create).start().waitFor()).isZero();
    String url = servers.getFirst().url() + "," + servers.getLast().url();
    awaitUsable(url); // the slots are known everywhere
    try (RunningProxy proxy = proxy(url)) {
      for (int i = 0; i < 20; i++) {
        HttpResponse<byte[]> first = run(proxy, "key-" + i);
        assertThat(first.statusCode()).isEqualTo(200);
        HttpResponse<byte[]> second = again(proxy, "key-" + i);
        assertThat(header(second, "Idempotency-Replayed")).isEqualTo("true");
        assertThat(header(second, "Job-Id")).isEqualTo(header(first, "Job-Id"));
      }
    }
  }

  @Test
  void failoverBySentinelsIsFollowedAndKeepsWhatWasReplicated() throws Exception {
    RedisServer primary = server();
    RedisServer replica = server("--replicaof", "127.0.0.1 " + primary.port());
    List<Integer> sentinels = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sentinels.add(sentinel(primary.port()));
    }
    String url =
        "redis-sentinel://127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d/primary"
            .formatted(sentinels.get(0), sentinels.get(1), sentinels.get(2));
    awaitUsable(url);
    try (RunningProxy proxy = proxy(url)) {
      assertThat(run(proxy, "k").statusCode()).isEqualTo(200);
      awaitReplica(primary, replica);
      primary.kill();
      Eventually.within(
          Duration.ofSeconds(60),
          () -> assertThat(proxy.get("/readyz").statusCode()).isEqualTo(200));
      HttpResponse<byte[]> replayed = again(proxy, "k");
      assertThat(header(replayed, "Idempotency-Replayed")).isEqualTo("true");
      assertThat(run(proxy, "after").statusCode()).isEqualTo(200);
    }
  }

  private void awaitUsable(String url) {
    Eventually.within(Duration.ofSeconds(60), () -> proxy(url).close());
  }

  /** Replication is asynchronous: the test wants what was replicated, not what was not. */
  private static void awaitReplica(RedisServer primary, RedisServer replica) throws Exception {
    String written = replicated(primary, "master_repl_offset");
    Eventually.that(
        () ->
            assertThat(Long.parseLong(replicated(replica, "slave_repl_offset")))
                .isGreaterThanOrEqualTo(Long.parseLong(written)));
  }

  private static String replicated(RedisServer server, String field) throws Exception {
    Process asked =
        new ProcessBuilder(
                "redis-cli", "-p", Integer.toString(server.port()), "INFO", "replication")
            .start();
    return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private int sentinel(int primary) throws Exception {
    int port;
    try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path config = folder.resolve("sentinel-" + port + ".conf");
    Files.writeString(
        config,
        """
        port %d
        dir %s
        sentinel monitor primary 127.0.0.1 %d 2
        sentinel down-after-milliseconds primary 1000
        sentinel failover-timeout primary 5000
        """
            .formatted(port, folder, primary));
    others.add(
        new ProcessBuilder("redis-server", config.toString(), "--sentinel")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("sentinel-" + port + ".log").toFile())
            .start());
    return port;
  }
}
