package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.testbed.JobServer;
import io.asyncproxy.testbed.JobServerOptions;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve --tunnel} by way of a real OpenSSH server. */
@Timeout(120)
class TunnelTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String JOB = "{\"account\":\"a\"}";
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";

  @TempDir private Path folder;
  private SshServer ssh;
  private ScriptedJobServer jobServer;

  @BeforeEach
  void start() throws Exception {
    ssh = new SshServer(folder);
    ssh.says("abc.lhr.life tunneled with tls termination, " + far(ssh.remotePort()));
    jobServer = new ScriptedJobServer();
  }

  @AfterEach
  void stop() throws Exception {
    jobServer.close();
    ssh.close();
  }

  private static String far(int port) {
    return "http://127.0.0.1:" + port;
  }

  private RunningProxy proxy(String... more) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("job-server.url", jobServer.url());
    settings.put("tunnel", ssh.destination());
    settings.put("tunnel.remote-port", Integer.toString(ssh.remotePort()));
    settings.put("tunnel.ssh-config", ssh.sshConfig().toString());
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new RunningProxy(settings);
  }

  /** Pauses double while the server is away, and it may take its time to come back. */
  private static void awaitReady(RunningProxy proxy) {
    Eventually.within(LONG, () -> assertThat(proxy.get("/readyz").statusCode()).isEqualTo(200));
  }

  /** Waits until readiness names the tunnel, with this reason. */
  private static void awaitDown(RunningProxy proxy, String reason) {
    Eventually.within(
        LONG,
        () -> {
          HttpResponse<byte[]> ready = proxy.get("/readyz");
          assertThat(ready.statusCode()).isEqualTo(503);
          assertThat(json(ready).getJsonObject("checks").getString("tunnel")).contains(reason);
        });
  }

  private static HttpResponse<byte[]> post(RunningProxy proxy) throws Exception {
    return proxy.proxy(JOB).get(20, TimeUnit.SECONDS);
  }

  /** A job whose callback comes from outside, to the URL that it was given. */
  private void assertJobWorks(RunningProxy proxy) throws Exception {
    var held = proxy.proxy(JOB);
    String callback = jobServer.nextStart().callback();
    assertThat(callback).startsWith(far(ssh.remotePort()) + "/proxy/callback/");
    assertThat(proxy.callBack(callback, RESULT).statusCode()).isEqualTo(200);
    assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  private List<ProcessHandle> sshProcesses() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("/ssh"))
        .toList();
  }

  @Test
  void callbackTravelsThroughTheTunnelAndTheClientGetsItsResult() throws Exception {
    ssh.start();
    Vertx vertx = Vertx.vertx();
    JobServer simulator =
        new JobServer(
            vertx, JobServerOptions.withDelay(0, Duration.ofMillis(100)), Clock.systemUTC());
    int port = simulator.start().await(20, TimeUnit.SECONDS);
    try (RunningProxy proxy = proxy("job-server.url", "http://127.0.0.1:" + port + "/start")) {
      awaitReady(proxy);
      HttpResponse<byte[]> answer = post(proxy);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(json(answer).getString("proof"))
          .isEqualTo(JobServer.proof(json(answer).getString("id"), "a"));
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void callbackUrlIsTheTunnels() throws Exception {
    ssh.start();
    try (RunningProxy proxy = proxy();
        LogLines log = new LogLines(WayBack.class)) {
      awaitReady(proxy);
      assertJobWorks(proxy);
      assertThat(json(proxy.get("/readyz")).getJsonObject("checks").getString("tunnel"))
          .isEqualTo("ok");
      assertThat(log.all()).noneMatch(line -> line.startsWith("WARN"));
    }
  }

  @Test
  void sshdOfOnesOwnGivesAnyPortAndSaysNothing() throws Exception {
    ssh.says("Welcome. Documentation: https://help.ubuntu.com");
    ssh.start();
    try (RunningProxy proxy = proxy("tunnel.remote-port", "0")) {
      awaitReady(proxy);
      var held = proxy.proxy(JOB);
      String callback = jobServer.nextStart().callback();
      assertThat(URI.create(callback).getPort()).isNotEqualTo(proxy.port());
      assertThat(proxy.callBack(callback, RESULT).statusCode()).isEqualTo(200);
      assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void untilTheTunnelIsOpenNoJobIsTaken() throws Exception {
    try (RunningProxy proxy = proxy()) {
      awaitDown(proxy, "Connection refused");
      HttpResponse<byte[]> refused = post(proxy);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(header(refused, "Retry-After")).isNotEmpty();
      assertThat(jobServer.unseenStarts()).isZero();
      ssh.start();
      awaitReady(proxy);
      assertJobWorks(proxy);
    }
  }

  @Test
  void portThatCannotBeHadIsNoTunnelWhateverTheServerSays() throws Exception {
    ssh.start();
    try (ServerSocket taken =
            new ServerSocket(ssh.remotePort(), 1, InetAddress.getLoopbackAddress());
        RunningProxy proxy = proxy()) {
      awaitDown(proxy, "remote port forwarding failed for listen port " + taken.getLocalPort());
      taken.close();
      awaitReady(proxy);
      assertJobWorks(proxy);
    }
  }

  @Test
  void whenTheServerComesBackSoDoesTheTunnel() throws Exception {
    ssh.start();
    try (RunningProxy proxy = proxy()) {
      awaitReady(proxy);
      ssh.kill();
      awaitDown(proxy, "ssh to 127.0.0.1 ended");
      ssh.start();
      awaitReady(proxy);
      assertJobWorks(proxy);
      assertThat(sshProcesses()).hasSize(1);
    }
  }

  @Test
  void jobsGoOnBeingTakenWhileTheTunnelIsDownAndGetTheirResultsWhenItIsBack() throws Exception {
    ssh.start();
    try (RunningProxy proxy = proxy("hold.timeout", "60s")) {
      awaitReady(proxy);
      ssh.kill();
      awaitDown(proxy, "ssh to 127.0.0.1 ended");
      var held = proxy.proxy(JOB);
      String callback = jobServer.nextStart().callback();
      ssh.start();
      awaitReady(proxy);
      assertThat(proxy.callBack(callback, RESULT).statusCode()).isEqualTo(200);
      assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anotherUrlIsUsedFromThenOnAndToldOf() throws Exception {
    ssh.start();
    try (RunningProxy proxy = proxy();
        LogLines log = new LogLines(WayBack.class)) {
      awaitReady(proxy);
      ssh.kill();
      ssh.says("Forwarding HTTP traffic from https://other.serveo.net");
      awaitDown(proxy, "ended");
      ssh.start();
      awaitReady(proxy);
      var held = proxy.proxy(JOB);
      String callback = jobServer.nextStart().callback();
      assertThat(callback).startsWith("https://other.serveo.net/proxy/callback/");
      assertThat(log.all())
          .contains("INFO Reachable at https://other.serveo.net/proxy")
          .anyMatch(
              line ->
                  line.startsWith("WARN It was " + far(ssh.remotePort()) + "/proxy before")
                      && line.contains("job-server.status-url"));
      held.cancel(true);
    }
  }

  @Test
  void noSshIsLeftWhenTheProxyIsClosed() throws Exception {
    ssh.start();
    try (RunningProxy proxy = proxy()) {
      awaitReady(proxy);
      List<ProcessHandle> running = sshProcesses();
      assertThat(running).hasSize(1);
      proxy.proxy().close().await(20, TimeUnit.SECONDS);
      assertThat(running).noneMatch(ProcessHandle::isAlive);
      assertThat(sshProcesses()).isEmpty();
    }
  }

  @Test
  void whileDrainingTheTunnelStaysOpenForCallbacks() throws Exception {
    ssh.start();
    try (RunningProxy proxy = proxy()) {
      awaitReady(proxy);
      var held = proxy.proxy(JOB);
      String callback = jobServer.nextStart().callback();
      var closed = proxy.proxy().close();
      assertThat(proxy.callBack(callback, RESULT).statusCode()).isEqualTo(200);
      assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      closed.await(20, TimeUnit.SECONDS);
    }
  }

  /** Neither may be started with a callback URL that leads nowhere. */
  @Test
  void jobsFromBeforeAndReplaysWaitForTheTunnel() throws Exception {
    String store = "file:" + folder.resolve("store");
    String letter;
    try (RunningProxy proxy =
        RunningProxy.before(
            jobServer,
            "store.url",
            store,
            "job-server.backoff",
            "1h",
            "job-server.max-backoff",
            "1h")) {
      jobServer.onStart(start -> start.answer(400, "{}"));
      letter = header(post(proxy), "Job-Id");
      jobServer.onStart(start -> start.answer(503, ""));
      proxy.proxy(JOB, "Prefer", "respond-async").get(20, TimeUnit.SECONDS);
      jobServer.nextStart();
      jobServer.nextStart();
    }
    jobServer.onStart(start -> start.accept("1"));
    try (RunningProxy proxy = proxy("store.url", store)) {
      awaitDown(proxy, "Connection refused");
      HttpResponse<byte[]> refused = replay(proxy, letter);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(jobServer.unseenStarts()).isZero();
      ssh.start();
      awaitReady(proxy);
      assertThat(replay(proxy, letter).statusCode()).isEqualTo(201);
      assertThat(jobServer.nextStart().callback()).startsWith(far(ssh.remotePort()));
    }
  }

  private static HttpResponse<byte[]> replay(RunningProxy proxy, String letter) throws Exception {
    String admin = "http://127.0.0.1:" + proxy.proxy().adminPort() + "/admin/dead-letters/";
    return proxy
        .send(
            HttpRequest.newBuilder(URI.create(admin + letter + "/replay"))
                .POST(BodyPublishers.noBody()))
        .get(20, TimeUnit.SECONDS);
  }
}
