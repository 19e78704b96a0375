package io.asyncproxy;

import static java.net.URLDecoder.decode;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.PresetSample.Call;
import io.asyncproxy.PresetSample.Content;
import io.asyncproxy.PresetSample.Proof;
import io.asyncproxy.PresetSample.Resource;
import io.asyncproxy.ScriptedApi.Answer;
import io.asyncproxy.signature.WebhookKey;
import io.asyncproxy.signature.WebhookMessage;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A sample of each preset. The messages are those of the documentation that its page names. */
final class PresetSamples {
  private PresetSamples() {}

  static Stream<PresetSample> all() {
    return Stream.of(
        asyncProxy(),
        standardWebhooks(),
        replicate(),
        runpod(),
        assemblyai(),
        deepgram(),
        openfaas(),
        gotenberg(),
        twilio(),
        mux());
  }

  private static PresetSample asyncProxy() {
    String completed = "{\"id\":\"j1\",\"state\":\"completed\",\"result\":{ \"n\": 1.10 }}";
    String failed = "{\"id\":\"j1\",\"state\":\"failed\",\"error\":\"no\"}";
    return new PresetSample("async-proxy")
        .at("JOB_SERVER_URL", "/jobs")
        .client("/mine", Content.json("{\"account\":\"a\",\"work\":[1.10]}"))
        .starts(
            "POST /jobs",
            asked ->
                assertThat(asked.text()).contains("\"work\":[1.10]").contains("\"wait\":false"),
            Answer.json(200, "{\"state\":\"running\",\"id\":\"j1\"}"))
        .callsBack(asked -> asked.json().getString("callback"))
        .completes(Call.json(completed), Content.json(completed))
        .fails(Call.json(failed), 200, Content.json(failed))
        .progresses(Call.json("{\"id\":\"j1\",\"state\":\"running\",\"percent\":40}"));
  }

  private static PresetSample standardWebhooks() {
    String completed =
        "{\"type\":\"job.completed\",\"timestamp\":\"2026-11-25T10:00:00Z\",\"data\":{\"id\":\"j1\"}}";
    String failed = completed.replace("completed", "failed");
    return new PresetSample("standard-webhooks")
        .at("JOB_SERVER_URL", "/jobs")
        .with("WEBHOOK_SECRET", Callbacks.KEY)
        .client("/mine", Content.json("{\"work\":1}"))
        .starts(
            "POST /jobs",
            asked -> assertThat(asked.text()).startsWith("{\"work\":1,\"callback\":\"http"),
            Answer.json(202, "{\"id\":\"j1\"}"))
        .callsBack(asked -> asked.json().getString("callback"))
        .completes(Call.json(completed), Content.json(completed))
        .fails(Call.json(failed), 200, Content.json(failed))
        .progresses(Call.json(completed.replace("completed", "progress")))
        .proves(standard(Callbacks.KEY), standard(Callbacks.OTHER_KEY));
  }

  private static Proof standard(String key) {
    return body -> {
      String time = Long.toString(Instant.now().getEpochSecond());
      WebhookMessage message = new WebhookMessage("msg_1", time, body);
      return Map.of(
          WebhookMessage.ID.toString(),
          "msg_1",
          WebhookMessage.TIMESTAMP.toString(),
          time,
          WebhookMessage.SIGNATURE.toString(),
          message.signedBy(List.of(WebhookKey.parse(key))));
    };
  }

  private static PresetSample replicate() {
    String succeeded = prediction("succeeded", "\"hello Alice\"", "null");
    String failed = prediction("failed", "null", "\"out of memory\"");
    String processing = prediction("processing", "null", "null");
    return new PresetSample("replicate")
        .at("REPLICATE_URL", "")
        .with("REPLICATE_API_TOKEN", "r8_secret")
        .with("REPLICATE_WEBHOOK_SECRET", Callbacks.KEY)
        .client(
            "/mine",
            Content.json("{\"version\":\"5c7d5dc6dd8bf75c1aca\",\"input\":{\"text\":\"Alice\"}}"))
        .starts(
            "POST /v1/predictions",
            asked -> {
              assertThat(asked.header("Authorization")).isEqualTo("Bearer r8_secret");
              assertThat(asked.text())
                  .contains("\"input\":{\"text\":\"Alice\"}")
                  .contains("\"webhook_events_filter\":[\"start\",\"output\",\"completed\"]");
            },
            Answer.json(201, prediction("starting", "null", "null")))
        .callsBack(asked -> asked.json().getString("webhook"))
        .completes(Call.json(succeeded), Content.json(succeeded))
        .fails(Call.json(failed), 422, Content.json(failed))
        .progresses(Call.json(processing))
        .proves(standard(Callbacks.KEY), standard(Callbacks.OTHER_KEY))
        .says(
            new Resource(
                "/v1/predictions/ufawqhfynnddngldkgtslldrkq",
                Content.json(processing),
                Content.json(succeeded),
                Content.json(failed)));
  }

  private static String prediction(String status, String output, String error) {
    return """
        {"id": "ufawqhfynnddngldkgtslldrkq", "version": "5c7d5dc6dd8bf75c1aca",
         "created_at": "2022-04-26T22:13:06.224088Z", "started_at": null, "completed_at": null,
         "status": "%s", "input": {"text": "Alice"}, "output": %s, "error": %s,
         "logs": null, "metrics": {}}"""
        .formatted(status, output, error);
  }

  private static PresetSample runpod() {
    String id = "eaebd6e7-6a92-4bb8-a911-f996ac5ea99d-u1";
    String completed =
        "{\"delayTime\": 31618, \"executionTime\": 1437, \"id\": \"%s\", \"output\": {\"n\": 1.10}, \"status\": \"COMPLETED\"}"
            .formatted(id);
    String failed =
        "{\"delayTime\": 3, \"error\": \"boom\", \"id\": \"%s\", \"status\": \"FAILED\"}"
            .formatted(id);
    String running =
        "{\"delayTime\": 3, \"id\": \"%s\", \"status\": \"IN_PROGRESS\"}".formatted(id);
    return new PresetSample("runpod")
        .at("RUNPOD_URL", "")
        .with("RUNPOD_ENDPOINT_ID", "abc123")
        .with("RUNPOD_API_KEY", "rpa_secret")
        .client("/mine", Content.json("{\"input\":{\"prompt\":\"Hello, world!\"}}"))
        .starts(
            "POST /v2/abc123/run",
            asked -> assertThat(asked.header("Authorization")).isEqualTo("Bearer rpa_secret"),
            Answer.json(200, "{\"id\": \"%s\", \"status\": \"IN_QUEUE\"}".formatted(id)))
        .callsBack(asked -> asked.json().getString("webhook"))
        .completes(Call.json(completed), Content.json(completed))
        .fails(Call.json(failed), 422, Content.json(failed))
        .progresses(Call.json(running))
        .says(
            new Resource(
                "/v2/abc123/status/" + id,
                Content.json(running),
                Content.json(completed),
                Content.json(failed)));
  }

  private static PresetSample assemblyai() {
    String id = "5552493-16d8-42d8-8feb-c2a16b56f6e8";
    Content completed = Content.json(transcript(id, "completed", "\"You know Demons on TV\"", ""));
    Content failed = Content.json(transcript(id, "error", "null", ", \"error\": \"no audio\""));
    return new PresetSample("assemblyai")
        .at("ASSEMBLYAI_URL", "")
        .with("ASSEMBLYAI_API_KEY", "key")
        .with("ASSEMBLYAI_WEBHOOK_SECRET", "ours")
        .client("/mine", Content.json("{\"audio_url\":\"https://assembly.ai/wildfires.mp3\"}"))
        .starts(
            "POST /v2/transcript",
            asked -> {
              assertThat(asked.header("Authorization")).isEqualTo("key");
              assertThat(asked.json().getString("webhook_auth_header_name"))
                  .isEqualTo("X-Webhook-Secret");
              assertThat(asked.json().getString("webhook_auth_header_value")).isEqualTo("ours");
            },
            Answer.json(200, transcript(id, "queued", "null", "")))
        .callsBack(asked -> asked.json().getString("webhook_url"))
        .completes(
            Call.json("{\"transcript_id\": \"%s\", \"status\": \"completed\"}".formatted(id)),
            completed)
        .fails(
            Call.json("{\"transcript_id\": \"%s\", \"status\": \"error\"}".formatted(id)),
            422,
            failed)
        .progresses(
            Call.json("{\"transcript_id\": \"%s\", \"status\": \"processing\"}".formatted(id)))
        .proves(_ -> Map.of("X-Webhook-Secret", "ours"), _ -> Map.of("X-Webhook-Secret", "theirs"))
        .says(
            new Resource(
                "/v2/transcript/" + id,
                Content.json(transcript(id, "processing", "null", "")),
                completed,
                failed));
  }

  private static String transcript(String id, String status, String text, String more) {
    return "{\"id\": \"%s\", \"status\": \"%s\", \"text\": %s, \"audio_duration\": 12.0960%s}"
        .formatted(id, status, text, more);
  }

  private static PresetSample deepgram() {
    String completed =
        """
        {"metadata": {"request_id": "a847f427", "channels": 1, "duration": 25.933313},
         "results": {"channels": [{"alternatives": [{"transcript": "hi", "confidence": 0.99}]}]}}""";
    String failed =
        """
        {"err_code": "Bad Request", "request_id": "a847f427",
         "err_msg": "Bad Request: failed to process audio: corrupt or unsupported data"}""";
    return new PresetSample("deepgram")
        .at("DEEPGRAM_URL", "")
        .with("DEEPGRAM_API_KEY", "dg")
        .client("/mine?model=nova-3&callback=http://elsewhere", new Content("audio/wav", noise()))
        .starts(
            "POST /v1/listen",
            asked -> {
              assertThat(asked.uri()).contains("model=nova-3").doesNotContain("elsewhere");
              assertThat(asked.uri()).contains("callback_method=POST");
              assertThat(asked.header("Authorization")).isEqualTo("Token dg");
              assertThat(asked.header("Content-Type")).isEqualTo("audio/wav");
              assertThat(asked.body()).isEqualTo(noise());
            },
            Answer.json(200, "{\"request_id\": \"a847f427\"}"))
        .callsBack(
            asked -> decode(asked.uri().replaceFirst(".*[?&]callback=([^&]*).*", "$1"), UTF_8))
        .completes(Call.json(completed), Content.json(completed))
        .fails(Call.json(failed), 422, Content.json(failed));
  }

  private static byte[] noise() {
    return "RIFF\0\1\377\376WAVE".getBytes(ISO_8859_1);
  }

  private static PresetSample openfaas() {
    Content figlet = new Content("text/plain; charset=utf-8", " _   _ \n| |_| |\n".getBytes(UTF_8));
    Content broken = new Content("text/plain", "exit status 1".getBytes(UTF_8));
    return new PresetSample("openfaas")
        .at("OPENFAAS_URL", "")
        .client("/function/figlet?width=80", new Content("text/plain", "Hi".getBytes(UTF_8)))
        .starts(
            "POST /async-function/figlet",
            asked -> {
              assertThat(asked.uri()).endsWith("?width=80");
              assertThat(asked.text()).isEqualTo("Hi");
            },
            Answer.empty(202, "X-Call-Id", "eb8283f5-1679-48e0-afec-194544b054aa"))
        .callsBack(asked -> asked.header("X-Callback-Url"))
        .completes(new Call(figlet, called("200")), figlet)
        .fails(new Call(broken, called("500")), 422, broken);
  }

  private static Map<String, String> called(String status) {
    return Map.of(
        "X-Call-Id", "eb8283f5-1679-48e0-afec-194544b054aa",
        "X-Function-Status", status,
        "X-Duration-Seconds", "0.002885");
  }

  static PresetSample gotenberg() {
    Content pdf = new Content("application/pdf", "%PDF-1.7\n\344\0\377\n".getBytes(ISO_8859_1));
    String error =
        """
        {"event": "webhook.error", "correlationId": "t1", "timestamp": "2025-01-15T10:30:00Z",
         "error": {"status": 500, "message": "conversion failed"}}""";
    String success =
        """
        {"event": "webhook.success", "correlationId": "t1", "timestamp": "2025-01-15T10:30:00Z"}""";
    String form =
        "--x\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\nhttps://my.url\r\n--x--\r\n";
    Map<String, String> trace = Map.of("Gotenberg-Trace", "t1");
    return new PresetSample("gotenberg")
        .at("GOTENBERG_URL", "")
        .client(
            "/forms/chromium/convert/url",
            new Content("multipart/form-data; boundary=x", form.getBytes(UTF_8)))
        .starts(
            "POST /forms/chromium/convert/url",
            asked -> {
              assertThat(asked.header("Content-Type")).isEqualTo("multipart/form-data; boundary=x");
              assertThat(asked.text()).isEqualTo(form);
              assertThat(asked.header("Gotenberg-Webhook-Events-Url"))
                  .isEqualTo(asked.header("Gotenberg-Webhook-Url"));
            },
            Answer.empty(204, "Gotenberg-Trace", "t1"))
        .callsBack(asked -> asked.header("Gotenberg-Webhook-Url"))
        .completes(new Call(pdf, trace), pdf)
        .fails(new Call(Content.json(error), trace), 422, Content.json(error))
        .progresses(new Call(Content.json(success), trace));
  }

  private static PresetSample twilio() {
    String account = "/2010-04-01/Accounts/AC1/Messages";
    return new PresetSample("twilio")
        .at("TWILIO_URL", "")
        .with("TWILIO_ACCOUNT_SID", "AC1")
        .with("TWILIO_BASIC_AUTH", "QUMxOnRva2Vu")
        .client("/mine", Content.form("To=%2B15558675310&From=%2B15017122661&Body=Hi+there"))
        .starts(
            "POST " + account + ".json",
            asked -> {
              assertThat(asked.header("Authorization")).isEqualTo("Basic QUMxOnRva2Vu");
              assertThat(asked.header("Content-Type"))
                  .isEqualTo("application/x-www-form-urlencoded");
              assertThat(asked.text())
                  .startsWith(
                      "To=%2B15558675310&From=%2B15017122661&Body=Hi+there&StatusCallback=");
            },
            Answer.json(201, message("queued", "null")))
        .callsBack(asked -> decode(asked.text().replaceFirst(".*&StatusCallback=", ""), UTF_8))
        .completes(messageStatus("delivered"), Content.json(message("delivered", "null")))
        .fails(messageStatus("undelivered"), 422, Content.json(message("undelivered", "30003")))
        .progresses(messageStatus("sent"))
        .says(
            new Resource(
                account + "/SM1.json",
                Content.json(message("sent", "null")),
                Content.json(message("delivered", "null")),
                Content.json(message("undelivered", "30003"))));
  }

  private static Call messageStatus(String status) {
    return new Call(
        Content.form(
            ("SmsSid=SM1&SmsStatus=%s&MessageStatus=%s&To=%%2B15558675310&MessageSid=SM1"
                    + "&AccountSid=AC1&From=%%2B15017122661&ApiVersion=2010-04-01")
                .formatted(status, status)),
        Map.of("X-Twilio-Signature", "not checked"));
  }

  private static String message(String status, String error) {
    return """
        {"account_sid": "AC1", "api_version": "2010-04-01", "body": "Hi there",
         "direction": "outbound-api", "error_code": %s, "from": "+15017122661", "sid": "SM1",
         "status": "%s", "to": "+15558675310", "uri": "/2010-04-01/Accounts/AC1/Messages/SM1.json"}"""
        .formatted(error, status);
  }

  static PresetSample mux() {
    String event = event("video.asset.errored", asset("errored"));
    return new PresetSample("mux")
        .at("MUX_URL", "")
        .with("MUX_BASIC_AUTH", "aWQ6c2VjcmV0")
        .with("MUX_WEBHOOK_SECRET", "my secret")
        .client("/mine", Content.json("{\"inputs\":[{\"url\":\"https://muxed.s3/leds.mp4\"}]}"))
        .starts(
            "POST /video/v1/assets",
            asked -> {
              assertThat(asked.header("Authorization")).isEqualTo("Basic aWQ6c2VjcmV0");
              assertThat(asked.text())
                  .isEqualTo("{\"inputs\":[{\"url\":\"https://muxed.s3/leds.mp4\"}]}");
            },
            Answer.json(201, "{\"data\":" + asset("preparing") + "}"))
        .findsById()
        .completes(
            Call.json(event("video.asset.ready", asset("ready"))), Content.json(asset("ready")))
        .fails(Call.json(event), 422, Content.json(event))
        .progresses(Call.json(event("video.asset.created", asset("preparing"))))
        .proves(muxSignature("my secret", 0), muxSignature("their secret", 0))
        .says(
            new Resource(
                "/video/v1/assets/0201p02fGKPE7MrbC269XRD7LpcHhrmbu0002",
                Content.json("{\"data\":" + asset("preparing") + "}"),
                Content.json("{\"data\":" + asset("ready") + "}"),
                Content.json("{\"data\":" + asset("errored") + "}")));
  }

  private static String asset(String status) {
    return """
        {"status": "%s", "max_stored_frame_rate": 29.970, "created_at": "1609868768",
         "id": "0201p02fGKPE7MrbC269XRD7LpcHhrmbu0002", "aspect_ratio": "16:9"}"""
        .formatted(status);
  }

  private static String event(String type, String asset) {
    return """
        {"type": "%s", "id": "3a56ac3d-33da-4366-855b-f592d898409d", "attempts": [],
         "created_at": "2018-02-15T01:04:45.000Z", "data": %s}"""
        .formatted(type, asset);
  }

  /** A signature that was made {@code ago} seconds ago. */
  static Proof muxSignature(String secret, long ago) {
    return body -> {
      String time = Long.toString(Instant.now().getEpochSecond() - ago);
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        mac.update((time + '.').getBytes(UTF_8));
        String signature = HexFormat.of().formatHex(mac.doFinal(body));
        return Map.of("Mux-Signature", "t=" + time + ",v1=" + signature);
      } catch (GeneralSecurityException everyJdkHasIt) {
        throw new IllegalStateException(everyJdkHasIt);
      }
    };
  }
}
