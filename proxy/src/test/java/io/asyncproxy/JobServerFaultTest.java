package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedJobServer.Start;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the client is told, and how often the job server is asked, when the job server misbehaves.
 */
class JobServerFaultTest {
  private static final String JOB = "{\"account\":\"a\"}";
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";

  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
    proxy = proxy();
  }

  private RunningProxy proxy(String... more) throws Exception {
    String[] settings = {
      "job-server.attempts", "3", "job-server.backoff", "1ms", "job-server.max-backoff", "5ms"
    };
    String[] all = java.util.Arrays.copyOf(settings, settings.length + more.length);
    System.arraycopy(more, 0, all, settings.length, more.length);
    return RunningProxy.before(jobServer, all);
  }

  private void restart(String... settings) throws Exception {
    proxy.close();
    proxy = proxy(settings);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  private HttpResponse<byte[]> post(String... headers) throws Exception {
    return proxy.proxy(JOB, headers).get(20, TimeUnit.SECONDS);
  }

  private int starts() throws Exception {
    int starts = 0;
    while (jobServer.unseenStarts() > 0) {
      jobServer.nextStart();
      starts++;
    }
    return starts;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | <html>no</html>       | 502 | 1 | refused",
        "401 | {}                    | 502 | 1 | refused",
        "404 | ''                    | 502 | 1 | refused",
        "408 | ''                    | 502 | 1 | refused",
        "425 | ''                    | 502 | 1 | refused",
        "500 | oops                  | 502 | 1 | server_error",
        "502 | ''                    | 502 | 1 | server_error",
        "504 | ''                    | 502 | 1 | server_error",
        "302 | ''                    | 502 | 1 | invalid",
        "200 | <html>hello</html>    | 502 | 1 | invalid",
        "200 | ''                    | 502 | 1 | invalid",
        "200 | []                    | 502 | 1 | invalid",
        "200 | {\"id\":              | 502 | 1 | invalid",
        "429 | ''                    | 503 | 3 | busy",
        "503 | ''                    | 503 | 3 | busy"
      })
  void badAnswersAtEveryAttempt(int status, String body, int expected, int starts, String reason)
      throws Exception {
    jobServer.onStart(start -> start.answer(status, body));
    HttpResponse<byte[]> answer = post();
    assertThat(answer.statusCode()).isEqualTo(expected);
    assertThat(json(answer).getString("error"))
        .isEqualTo(expected == 502 ? "Job server error" : "Job server busy");
    assertThat(json(answer).getInteger("upstream_status")).isEqualTo(status);
    assertThat(json(answer).getString("reason")).isEqualTo(reason);
    assertThat(header(answer, "Job-Id")).isNotEmpty();
    assertThat(header(answer, "Retry-After").isEmpty()).isEqualTo(expected == 502);
    assertThat(starts()).isEqualTo(starts);
    String job = header(answer, "Job-Id");
    assertThat(json(proxy.get("/proxy/jobs/" + job)).getString("state")).isEqualTo("failed");
  }

  private static Consumer<Start> first(int status, String retryAfter) {
    AtomicInteger count = new AtomicInteger();
    return start -> {
      if (count.incrementAndGet() == 1) {
        if (!retryAfter.isEmpty()) {
          start.request().response().putHeader("Retry-After", retryAfter);
        }
        start.answer(status, "");
      } else {
        start.accept("1");
      }
    };
  }

  @ParameterizedTest
  @CsvSource({"429,''", "503,''", "429,1", "503,0"})
  void busyAtFirstIsTriedAgain(int status, String retryAfter) throws Exception {
    jobServer.onStart(first(status, retryAfter));
    long began = System.nanoTime();
    var held = proxy.proxy(JOB);
    jobServer.nextStart();
    Start second = jobServer.nextStart();
    long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    if (retryAfter.equals("1")) {
      assertThat(waited).isGreaterThanOrEqualTo(1000);
    }
    proxy.callBack(second.callback(), RESULT);
    assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void retryAfterBeyondTheHoldIsToldAtOnce() throws Exception {
    jobServer.onStart(first(429, "3600"));
    HttpResponse<byte[]> answer = post();
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(header(answer, "Retry-After")).isEqualTo("3600");
    assertThat(starts()).isEqualTo(1);
  }

  @Test
  void jobServerThatCannotBeConnectedToIs502AfterAllAttempts() throws Exception {
    restart("job-server.url", "http://127.0.0.1:1/start");
    HttpResponse<byte[]> answer = post();
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(json(answer).getString("reason")).isEqualTo("unreachable");
    assertThat(json(answer).containsKey("upstream_status")).isFalse();
    String job = header(answer, "Job-Id");
    assertThat(json(proxy.get("/proxy/jobs/" + job)).getInteger("attempts")).isEqualTo(3);
  }

  @Test
  void resetStartIsNotSentAgainAndItsCallbackIsTheAnswer() throws Exception {
    jobServer.onStart(start -> start.request().connection().close());
    var held = proxy.proxy(JOB);
    Start start = jobServer.nextStart();
    proxy.callBack(start.callback(), RESULT);
    assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(starts()).isZero();
  }

  @Test
  void idempotentJobServerIsAskedAgainAfterAnUnclearAttemptWithTheSameKey() throws Exception {
    restart("job-server.idempotent", "true");
    AtomicInteger count = new AtomicInteger();
    jobServer.onStart(
        start -> {
          if (count.incrementAndGet() == 1) {
            start.request().connection().close();
          } else {
            start.accept("1");
          }
        });
    var held = proxy.proxy(JOB);
    Start first = jobServer.nextStart();
    Start second = jobServer.nextStart();
    assertThat(second.callback()).isEqualTo(first.callback());
    assertThat(first.request().getHeader("Idempotency-Key")).isNotEmpty();
    assertThat(second.request().getHeader("Idempotency-Key"))
        .isEqualTo(first.request().getHeader("Idempotency-Key"));
    proxy.callBack(second.callback(), RESULT);
    assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"500, 3", "400, 2"})
  void clientOfAnIdempotentJobServerIsToldOfItsLastError(int last, int attempts) throws Exception {
    restart("job-server.idempotent", "true");
    AtomicInteger count = new AtomicInteger();
    jobServer.onStart(start -> start.answer(count.incrementAndGet() == 1 ? 500 : last, "{}"));
    HttpResponse<byte[]> answer = proxy.proxy(JOB).get(20, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(RunningProxy.json(answer).getInteger("upstream_status")).isEqualTo(last);
    assertThat(RunningProxy.json(answer).getBoolean("retryable")).isFalse();
    assertThat(count).hasValue(attempts);
  }

  @Test
  void asyncJobIsTriedBeyondTheAttemptsOfHeldOnes() throws Exception {
    AtomicInteger count = new AtomicInteger();
    jobServer.onStart(
        start -> {
          if (count.incrementAndGet() <= 6) {
            start.answer(503, "");
          } else {
            start.accept("1");
          }
        });
    assertThat(post("Prefer", "respond-async").statusCode()).isEqualTo(202);
    for (int i = 0; i < 6; i++) {
      jobServer.nextStart();
    }
    assertThat(proxy.callBack(jobServer.nextStart().callback(), RESULT).statusCode())
        .isEqualTo(200);
  }

  @Test
  void startResponseWithoutAnIdIsEnoughWhereTheTokenNamesTheJob() throws Exception {
    jobServer.onStart(start -> start.answer(200, "{}"));
    var held = proxy.proxy(JOB);
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void endlessAnswerIsCutOff() throws Exception {
    restart("body.max", "1KiB");
    jobServer.onStart(start -> start.answer(200, "x".repeat(100_000)));
    HttpResponse<byte[]> answer = post();
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(json(answer).getString("detail")).contains("longer than 1024 bytes");
  }
}
