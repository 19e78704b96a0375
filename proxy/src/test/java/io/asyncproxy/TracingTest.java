package io.asyncproxy;

import static io.asyncproxy.Collector.attribute;
import static io.asyncproxy.Collector.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.TraceContext;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trace for each job, at a collector's real endpoint. */
@SuppressWarnings("NullAway.Init") // started before each test
class TracingTest {
  private static final String RESULT = "{\"id\":\"j1\",\"state\":\"completed\"}";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final String JOB = "{\"account\":\"a\"}";

  @TempDir private Path folder;
  private Collector collector;
  private ScriptedJobServer jobServer;

  @BeforeEach
  void start() throws Exception {
    collector = new Collector();
    jobServer = new ScriptedJobServer();
    jobServer.onStart(start -> start.accept("j1"));
  }

  @AfterEach
  void stop() throws Exception {
    jobServer.close();
    collector.close();
  }

  private RunningProxy proxy(String... more) throws Exception {
    String[] settings = new String[more.length + 6];
    System.arraycopy(
        new String[] {
          "otel.endpoint",
          collector.url(),
          "otel.headers",
          "X-Key=secret",
          "store.url",
          "file:" + folder.resolve("data")
        },
        0,
        settings,
        0,
        6);
    System.arraycopy(more, 0, settings, 6, more.length);
    return RunningProxy.before(jobServer, settings);
  }

  private Span span(String name) {
    List<Span> found =
        collector.spans().stream().filter(span -> span.getName().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }

  private static void finish(
      RunningProxy proxy, String callback, CompletableFuture<HttpResponse<byte[]>> answer)
      throws Exception {
    assertThat(proxy.callBack(callback, RESULT).statusCode()).isEqualTo(200);
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void jobsStepsAreOneTraceThatTheClientBegan() throws Exception {
    try (RunningProxy proxy = proxy()) {
      var answer = proxy.proxy(JOB, "traceparent", PARENT, "tracestate", "vendor=x,other=y");
      var start = jobServer.nextStart();
      String passedOn = start.request().getHeader("traceparent");
      assertThat(passedOn).startsWith("00-" + TRACE + "-").endsWith("-01").isNotEqualTo(PARENT);
      assertThat(start.request().getHeader("tracestate")).isEqualTo("vendor=x,other=y");
      finish(proxy, start.callback(), answer);
      Eventually.that(() -> assertThat(collector.spans()).hasSize(3));
      Span request = span("POST /proxy");
      assertThat(hex(request.getTraceId())).isEqualTo(TRACE);
      assertThat(hex(request.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
      assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
      Span attempt = span("start");
      assertThat(attempt.getParentSpanId()).isEqualTo(request.getSpanId());
      assertThat(passedOn).contains(hex(attempt.getSpanId()));
      assertThat(attribute(attempt, "asyncproxy.outcome")).contains("accepted");
      Span callback = span("callback");
      assertThat(callback.getParentSpanId()).isEqualTo(request.getSpanId());
      assertThat(attribute(callback, "asyncproxy.outcome")).contains("stored");
      assertThat(collector.spans())
          .allSatisfy(span -> assertThat(hex(span.getTraceId())).isEqualTo(TRACE))
          .allSatisfy(
              span ->
                  assertThat(span.getEndTimeUnixNano())
                      .isGreaterThanOrEqualTo(span.getStartTimeUnixNano()));
      assertThat(attribute(request, "asyncproxy.job.id"))
          .isEqualTo(attribute(callback, "asyncproxy.job.id"))
          .isPresent();
      assertThat(collector.keys()).containsOnly("secret");
    }
  }

  @Test
  void callbackAfterARestartJoinsTheTraceOfItsJob() throws Exception {
    String callback;
    try (RunningProxy proxy = proxy()) {
      proxy.proxy("{\"account\":\"a\",\"wait\":false}").get(20, TimeUnit.SECONDS);
      callback = jobServer.nextStart().callback();
    }
    Eventually.that(() -> assertThat(collector.spans()).hasSize(2));
    try (RunningProxy proxy = proxy()) {
      String moved = proxy.uri("").toString() + URI.create(callback).getPath();
      assertThat(proxy.callBack(moved, RESULT).statusCode()).isEqualTo(200);
      Eventually.that(() -> assertThat(collector.spans()).hasSize(3));
    }
    assertThat(span("callback").getTraceId()).isEqualTo(span("POST /proxy").getTraceId());
    assertThat(span("callback").getParentSpanId()).isEqualTo(span("POST /proxy").getSpanId());
  }

  @Test
  void clientThatAttachesHasATraceOfItsOwnWithALink() throws Exception {
    try (RunningProxy proxy = proxy()) {
      var first = proxy.proxy(JOB, "Idempotency-Key", "\"k\"", "traceparent", PARENT);
      var start = jobServer.nextStart();
      var second = proxy.proxy(JOB, "Idempotency-Key", "\"k\"");
      Eventually.that(() -> assertThat(proxy.proxy().held()).isEqualTo(2));
      finish(proxy, start.callback(), first);
      second.get(20, TimeUnit.SECONDS);
      Eventually.that(() -> assertThat(collector.spans()).hasSize(4));
    }
    List<Span> requests =
        collector.spans().stream().filter(span -> span.getName().equals("POST /proxy")).toList();
    Span own =
        requests.stream()
            .filter(span -> hex(span.getTraceId()).equals(TRACE))
            .findFirst()
            .orElseThrow();
    Span other =
        requests.stream()
            .filter(span -> !hex(span.getTraceId()).equals(TRACE))
            .findFirst()
            .orElseThrow();
    assertThat(other.getLinksList()).hasSize(1);
    assertThat(other.getLinks(0).getSpanId()).isEqualTo(own.getSpanId());
    assertThat(other.getLinks(0).getTraceId()).isEqualTo(own.getTraceId());
  }

  @Test
  void failedAttemptIsAnErrorAndEachHasASpan() throws Exception {
    jobServer.onStart(start -> start.answer(422, "{}"));
    try (RunningProxy proxy = proxy()) {
      assertThat(proxy.proxy(JOB).get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
      Eventually.that(() -> assertThat(collector.spans()).hasSize(2));
    }
    assertThat(span("start").getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    assertThat(attribute(span("start"), "asyncproxy.outcome")).contains("refused");
  }

  @Test
  void whatAClientDoesNotRecordIsNotRecordedButPassedOn() throws Exception {
    try (RunningProxy proxy = proxy()) {
      var answer = proxy.proxy(JOB, "traceparent", PARENT.replace("-01", "-00"));
      var start = jobServer.nextStart();
      assertThat(start.request().getHeader("traceparent"))
          .startsWith("00-" + TRACE)
          .endsWith("-00");
      finish(proxy, start.callback(), answer);
    }
    assertThat(collector.spans()).isEmpty();
  }

  @Test
  void jobIsRecordedAsAWholeOrNotAtAll() throws Exception {
    int recorded = 0;
    try (RunningProxy proxy = proxy("otel.sampling", "50%")) {
      for (int i = 0; i < 20; i++) {
        var answer = proxy.proxy(JOB);
        var start = jobServer.nextStart();
        Optional<TraceContext> passedOn =
            TraceContext.parse(start.request().getHeader("traceparent"), null);
        assertThat(passedOn.stream()).allMatch(TraceContext::isSampled);
        recorded += passedOn.isPresent() ? 1 : 0;
        finish(proxy, start.callback(), answer);
      }
      int spans = 3 * recorded;
      Eventually.that(() -> assertThat(collector.spans()).hasSize(spans));
    }
    assertThat(collector.spans()).hasSize(3 * recorded);
  }

  @Test
  void withoutACollectorWhatClientsSendIsPassedOnAsItIs() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(jobServer)) {
      var answer = proxy.proxy(JOB, "traceparent", PARENT);
      var start = jobServer.nextStart();
      assertThat(start.request().getHeader("traceparent")).isEqualTo(PARENT);
      finish(proxy, start.callback(), answer);
      var nonsense = proxy.proxy(JOB, "traceparent", "00-xyz");
      start = jobServer.nextStart();
      assertThat(start.request().getHeader("traceparent")).isNull();
      finish(proxy, start.callback(), nonsense);
    }
  }

  @Test
  void collectorThatIsAwayDelaysNobody() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.before(jobServer, "otel.endpoint", "http://127.0.0.1:1")) {
      var answer = proxy.proxy(JOB);
      finish(proxy, jobServer.nextStart().callback(), answer);
    }
  }

  @Test
  void addedLatencyShowsTheTraceAsAnExemplar() throws Exception {
    try (RunningProxy proxy = proxy()) {
      var answer = proxy.proxy(JOB, "traceparent", PARENT);
      finish(proxy, jobServer.nextStart().callback(), answer);
      URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + "/metrics");
      HttpRequest scrape =
          HttpRequest.newBuilder(uri).header("Accept", "application/openmetrics-text").build();
      String metrics = HttpClient.newHttpClient().send(scrape, BodyHandlers.ofString()).body();
      assertThat(metrics)
          .containsPattern(
              "asyncproxy_added_latency_seconds_bucket\\S+ \\S+ # \\{span_id=\"[0-9a-f]{16}\",trace_id=\""
                  + TRACE);
    }
  }

  @Test
  void deliveryClosesTheTrace() throws Exception {
    try (RunningProxy proxy = proxy("webhook.allow-private", "true");
        ScriptedJobServer client = new ScriptedJobServer()) {
      client.onStart(start -> start.answer(204, ""));
      String job =
          new JsonObject()
              .put("account", "a")
              .put("wait", false)
              .put("callback", client.url())
              .encode();
      proxy.proxy(job, "traceparent", PARENT).get(20, TimeUnit.SECONDS);
      proxy.callBack(jobServer.nextStart().callback(), RESULT);
      String told = client.nextStart().request().getHeader("traceparent");
      Eventually.that(() -> assertThat(collector.spans()).hasSize(4));
      Span delivery = span("deliver");
      assertThat(told).isEqualTo("00-" + TRACE + "-" + hex(delivery.getSpanId()) + "-01");
      assertThat(attribute(delivery, "asyncproxy.outcome")).contains("delivered");
      assertThat(delivery.getParentSpanId()).isEqualTo(span("POST /proxy").getSpanId());
    }
  }
}
