package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An orderly stop: readiness fails first, callbacks go on, held requests finish. */
class DrainTest {
  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
    proxy = RunningProxy.before(jobServer);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  @Test
  void whileDrainingCallbacksAnswerTheHeldAndNewJobsAreRefused() throws Exception {
    var held = proxy.proxy("{\"account\":\"a\"}");
    String callback = jobServer.nextStart().callback();
    Future<Void> closed = proxy.proxy().close();

    assertThat(proxy.get("/readyz").statusCode()).isEqualTo(503);
    assertThat(new String(proxy.get("/readyz").body(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"lifecycle\":\"draining\"");
    assertThat(proxy.get("/livez").statusCode()).isEqualTo(200);
    var refused = proxy.proxy("{\"account\":\"b\"}").get(20, TimeUnit.SECONDS);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(header(refused, "Retry-After")).isNotEmpty();
    assertThat(closed.isComplete()).isFalse();

    assertThat(proxy.callBack(callback, "{\"id\":\"1\"}").statusCode()).isEqualTo(200);
    assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    closed.await(20, TimeUnit.SECONDS);
  }

  @Test
  void whenNothingIsHeldItStopsAtOnce() throws Exception {
    long began = System.nanoTime();
    proxy.proxy().close().await(20, TimeUnit.SECONDS);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(15);
    proxy.proxy().close().await(1, TimeUnit.SECONDS);
  }
}
