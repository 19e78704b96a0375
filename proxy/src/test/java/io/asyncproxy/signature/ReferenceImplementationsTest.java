package io.asyncproxy.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reference implementations of Standard Webhooks understand us, and we them: the one for Java,
 * and the one for JavaScript with Node's own Ed25519 beside it, as it has none.
 */
class ReferenceImplementationsTest {
  private static final String JAVASCRIPT = "standardwebhooks@1.1.1";
  private static final List<String> BODIES =
      List.of(
          "{}",
          "{\"id\":\"4499a6e0c2ef4b98\",\"state\":\"completed\"}",
          " {\"t\":\"\u00f6\u4f60\ud83d\ude00\\u0000\",\"n\":1.50e400}\r\n",
          "{\"long\":\"" + "x".repeat(100_000) + "\"}");

  /** Answers each line of JSON that it is given by one of its own. */
  private static final String SCRIPT =
      """
      const { Webhook } = require('standardwebhooks');
      const crypto = require('node:crypto');
      const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
      const spki = Buffer.from('302a300506032b6570032100', 'hex');
      const der = (head, key) => Buffer.concat([head, Buffer.from(key.slice(5), 'base64')]);
      const asymmetric = {
        sign: m => 'v1a,' + crypto.sign(null, Buffer.from(`${m.id}.${m.time}.${m.body}`),
          crypto.createPrivateKey({ key: der(pkcs8, m.key), format: 'der', type: 'pkcs8' }))
          .toString('base64'),
        verify: m => crypto.verify(null, Buffer.from(`${m.id}.${m.time}.${m.body}`),
          crypto.createPublicKey({ key: der(spki, m.key), format: 'der', type: 'spki' }),
          Buffer.from(m.signature.slice(4), 'base64')),
      };
      const symmetric = {
        sign: m => new Webhook(m.key).sign(m.id, new Date(m.time * 1000), m.body),
        verify: m => {
          try {
            new Webhook(m.key).verify(m.body, { 'webhook-id': m.id,
              'webhook-timestamp': String(m.time), 'webhook-signature': m.signature });
            return true;
          } catch { return false; }
        },
      };
      const messages = JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));
      const answer = m => (m.key.startsWith('whsec_') ? symmetric : asymmetric)[m.what](m);
      console.log(JSON.stringify(messages.map(answer)));
      """;

  @TempDir private Path folder;
  private final Instant now = Instant.now();
  private final long time = now.getEpochSecond();
  private final Random random = new Random(7);

  private String secret(int bytes) {
    byte[] key = new byte[bytes];
    random.nextBytes(key);
    return "whsec_" + Base64.getEncoder().encodeToString(key);
  }

  private Optional<String> refusal(String key, String signature, String body) {
    return new WebhookVerifier(List.of(WebhookKey.parse(key)))
        .refusal("msg_1", Long.toString(time), signature, body.getBytes(UTF_8), now);
  }

  private String signed(String body, String... keys) {
    return new WebhookMessage("msg_1", Long.toString(time), body.getBytes(UTF_8))
        .signedBy(Arrays.stream(keys).map(WebhookKey::parse).toList());
  }

  @Test
  void javaSignsAndWeVerify() throws Exception {
    for (int bytes : new int[] {24, 32, 33, 64}) {
      String key = secret(bytes);
      for (String body : BODIES) {
        String signature = new Webhook(key).sign("msg_1", time, body);
        assertThat(refusal(key, signature, body)).isEmpty();
        assertThat(refusal(secret(bytes), signature, body)).isPresent();
        assertThat(refusal(key, signature, body + " ")).isPresent();
      }
    }
  }

  @Test
  void weSignAndJavaVerifies() throws Exception {
    for (int bytes : new int[] {24, 32, 33, 64}) {
      String key = secret(bytes);
      for (String body : BODIES) {
        new Webhook(key).verify(body, headers(signed(body, key)));
        new Webhook(key).verify(body, headers(signed(body, secret(32), key)));
        assertThatThrownBy(() -> new Webhook(key).verify(body, headers(signed(body, secret(32)))))
            .isInstanceOf(WebhookVerificationException.class);
      }
    }
  }

  private Map<String, List<String>> headers(String signature) {
    return Map.of(
        WebhookMessage.ID,
        List.of("msg_1"),
        WebhookMessage.TIMESTAMP,
        List.of(Long.toString(time)),
        WebhookMessage.SIGNATURE,
        List.of(signature));
  }

  /** Keys of a pair as they are written. */
  private record Pair(String ours, String theirs) {
    static Pair generate() throws Exception {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      return new Pair(
          "whsk_" + last32(pair.getPrivate().getEncoded()),
          "whpk_" + last32(pair.getPublic().getEncoded()));
    }

    private static String last32(byte[] encoded) {
      byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
      return Base64.getEncoder().encodeToString(raw);
    }
  }

  @Test
  void javascriptSignsAndWeVerifyAndTheOtherWayRound() throws Exception {
    installJavascript();
    String key = secret(32);
    Pair pair = Pair.generate();
    JsonArray asked = new JsonArray();
    for (String body : BODIES) {
      asked.add(message("sign", key, body, ""));
      asked.add(message("sign", pair.ours(), body, ""));
      asked.add(message("verify", key, body, signed(body, key)));
      asked.add(message("verify", key, body, signed(body, secret(24), pair.ours(), key)));
      asked.add(message("verify", pair.theirs(), body, signed(body, pair.ours())));
      asked.add(message("verify", key, body + ' ', signed(body, key)));
      asked.add(message("verify", pair.theirs(), body + ' ', signed(body, pair.ours())));
    }
    JsonArray said = node(asked);
    for (int i = 0; i < BODIES.size(); i++) {
      String body = BODIES.get(i);
      List<?> of = said.getList().subList(7 * i, 7 * i + 7);
      assertThat(refusal(key, (String) of.get(0), body)).isEmpty();
      assertThat(refusal(key, (String) of.get(0), body + ' ')).isPresent();
      assertThat(refusal(pair.theirs(), (String) of.get(1), body)).isEmpty();
      assertThat(refusal(pair.theirs(), (String) of.get(1), body + ' ')).isPresent();
      assertThat((String) of.get(1)).isEqualTo(signed(body, pair.ours()));
      assertThat(List.copyOf(of.subList(2, 7))).isEqualTo(List.of(true, true, true, false, false));
    }
  }

  private JsonObject message(String what, String key, String body, String signature) {
    return new JsonObject()
        .put("what", what)
        .put("key", key)
        .put("id", "msg_1")
        .put("time", time)
        .put("body", body)
        .put("signature", signature);
  }

  private void installJavascript() throws Exception {
    Files.writeString(folder.resolve("package.json"), "{\"private\":true}");
    Files.writeString(folder.resolve("answer.js"), SCRIPT);
    try {
      run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", JAVASCRIPT);
    } catch (IOException missing) {
      if ("true".equals(System.getenv("CI"))) {
        throw missing;
      }
      Assumptions.abort("Node.js or the network is missing: " + missing.getMessage());
    }
  }

  private JsonArray node(JsonArray asked) throws Exception {
    Path messages = Files.writeString(folder.resolve("messages.json"), asked.encode());
    return new JsonArray(run("node", "answer.js", messages.toString()));
  }

  private String run(String... command) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command[0] + " did not end within 2 minutes");
    }
    if (process.exitValue() != 0) {
      throw new IOException(command[0] + " failed: " + Files.readString(err));
    }
    return Files.readString(out);
  }
}
