package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A held request forgets its header fields, all but the one that its answer depends on. */
class HeldPagesTest {
  private static final String PAGE = "https://example.org";

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void pageThatWasHeldMayReadItsAnswer(HttpVersion version) throws Exception {
    Vertx vertx = Vertx.vertx();
    try (ScriptedJobServer jobServer = new ScriptedJobServer();
        RunningProxy proxy = RunningProxy.before(jobServer, "cors.origins", PAGE)) {
      Future<HttpClientResponse> held = ask(vertx, version, proxy.port());
      proxy.callBack(jobServer.nextStart().callback(), "{\"id\":\"1\",\"state\":\"completed\"}");
      HttpClientResponse answer = held.await(20, TimeUnit.SECONDS);
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.getHeader("Access-Control-Allow-Origin")).isEqualTo(PAGE);
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  private static Future<HttpClientResponse> ask(Vertx vertx, HttpVersion version, int port) {
    HttpClientOptions options =
        new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false);
    return vertx
        .createHttpClient(options)
        .request(HttpMethod.POST, port, "127.0.0.1", "/proxy")
        .compose(
            request ->
                request
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Origin", PAGE)
                    .send("{\"account\":\"a\"}"));
  }
}
