package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.signature.WebhookKey;
import io.asyncproxy.signature.WebhookMessage;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A job server's callbacks to the one URL that is the same for all jobs. */
final class Callbacks {
  static final String KEY = "whsec_" + "0123456789ab".repeat(4);
  static final String OTHER_KEY = "whsec_" + "ba9876543210".repeat(4);

  private Callbacks() {}

  static String result(String id, String proof) {
    return "{\"id\":\"" + id + "\",\"state\":\"completed\",\"proof\":\"" + proof + "\"}";
  }

  /** A callback signed by {@code key}, and sent {@code ago} seconds ago. */
  static HttpRequest.Builder signed(
      RunningProxy to, String key, String messageId, long ago, String body) {
    String time = Long.toString(Instant.now().getEpochSecond() - ago);
    WebhookMessage message = new WebhookMessage(messageId, time, body.getBytes(UTF_8));
    return plain(to, body)
        .header(WebhookMessage.ID, messageId)
        .header(WebhookMessage.TIMESTAMP, time)
        .header(WebhookMessage.SIGNATURE, message.signedBy(List.of(WebhookKey.parse(key))));
  }

  static HttpRequest.Builder plain(RunningProxy to, String body) {
    return to.request("/proxy/callback").POST(BodyPublishers.ofString(body));
  }

  static HttpResponse<byte[]> send(RunningProxy to, HttpRequest.Builder request) throws Exception {
    return to.send(request).get(20, TimeUnit.SECONDS);
  }

  /** What becomes of a callback that is signed as it should be. */
  static String status(RunningProxy to, String messageId, String body) throws Exception {
    return status(send(to, signed(to, KEY, messageId, 0, body)));
  }

  static String status(HttpResponse<byte[]> receipt) {
    return RunningProxy.json(receipt).getString("status");
  }

  /** Waits until the newest job's start response is known. */
  static void awaitStarted(RunningProxy proxy) {
    Eventually.that(
        () -> {
          JsonObject list = new JsonObject(admin(proxy, "/admin/jobs?limit=1"));
          assertThat(list.getJsonArray("items").encode()).contains("\"state\":\"running\"");
        });
  }

  /** A metric as it is written. */
  static String metric(RunningProxy proxy, String name) throws Exception {
    return admin(proxy, "/metrics")
        .lines()
        .filter(line -> line.startsWith(name + ' '))
        .map(line -> line.substring(name.length() + 1))
        .collect(Collectors.joining(","));
  }

  private static String admin(RunningProxy proxy, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.proxy().adminPort() + path);
    return new String(send(proxy, HttpRequest.newBuilder(uri)).body(), UTF_8);
  }
}
