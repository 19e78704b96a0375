package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * However a request with a large body is answered, its part of the memory for them is given back: a
 * further one of a limit that has room for two at once gets through.
 */
class LargeBodyBudgetTest {
  private static final int MORE_THAN_FIT = 4;
  private static final int RATE = 10;
  private static final String LARGE = "x".repeat(100_000);

  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  /** A body that does not say how long it is may be as long as the limit, and takes as much. */
  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
    jobServer.onStart(start -> start.accept("j1"));
    long most = Runtime.getRuntime().maxMemory() / 5 * 2 / 5;
    proxy = RunningProxy.before(jobServer, "body.max", most + "B", "rate.per-account", RATE + "/h");
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  private int status(String members, String... headers) throws Exception {
    byte[] body = "{%s,\"large\":\"%s\"}".formatted(members, LARGE).getBytes(UTF_8);
    return proxy
        .send(
            proxy
                .request("/proxy", headers)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))))
        .get(20, TimeUnit.SECONDS)
        .statusCode();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"account\":\"a\"'                                                      | 202",
        "'\"account\":\"a\",\"wait\":1'                                           | 400",
        "'\"account\":\"a\",\"wait\":false,\"callback\":\"http://127.0.0.1/\"'    | 400",
        "'\"account\":\"a\",\"n\":%d'                                             | 422",
        "'\"account\":\"full\"'                                                   | 429",
      })
  void isGivenBack(String members, int expected) throws Exception {
    String[] key = {"Prefer", "respond-async", "Idempotency-Key", "\"k\""};
    assertThat(status("\"account\":\"first\"", key)).isEqualTo(202);
    String[] headers = expected == 422 ? key : new String[] {"Prefer", "respond-async"};
    for (int i = 0; i < RATE; i++) {
      assertThat(status("\"account\":\"full\"", "Prefer", "respond-async")).isEqualTo(202);
    }
    for (int i = 0; i < MORE_THAN_FIT; i++) {
      assertThat(status(members.formatted(i), headers)).isEqualTo(expected);
    }
  }
}
