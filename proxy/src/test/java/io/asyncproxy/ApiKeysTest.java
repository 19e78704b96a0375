package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncproxy.access.ApiKeys;
import io.asyncproxy.job.Digest;
import io.asyncproxy.settings.ApiKeysFile;
import io.asyncproxy.settings.InvalidSettingsException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients with API keys, over HTTP. */
@SuppressWarnings("NullAway.Init") // started before each test
class ApiKeysTest {
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";

  @TempDir private Path directory;
  private Path file;
  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    file = directory.resolve("keys.yaml");
    write(
        """
        keys:
          - name: billing
            sha256: "%s"
          - name: media
            sha256: "%s"
            accounts: [m1, m2]
            rate: 3/h
        """
            .formatted(hash("key-billing"), hash("key-media")));
    jobServer = new ScriptedJobServer();
    proxy = RunningProxy.before(jobServer, "api-keys.file", file.toString());
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  private static String hash(String key) {
    return Digest.of(key.getBytes(UTF_8)).hex();
  }

  private void write(String text) throws Exception {
    Files.writeString(file, text);
  }

  private static String bearer(String key) {
    return "Bearer " + key;
  }

  private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer)
      throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }

  private HttpResponse<byte[]> async(String account, String key, String... more) throws Exception {
    String[] headers = new String[more.length + 4];
    System.arraycopy(more, 0, headers, 4, more.length);
    headers[0] = "Authorization";
    headers[1] = bearer(key);
    headers[2] = "Prefer";
    headers[3] = "respond-async";
    return await(proxy.proxy("{\"account\":\"" + account + "\"}", headers));
  }

  @Test
  void onlyWhoHasAKeyGetsIn() throws Exception {
    HttpResponse<byte[]> none = await(proxy.proxy("{\"account\":\"a\"}"));
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(header(none, "WWW-Authenticate")).startsWith("Bearer");
    assertThat(async("a", "key-billin").statusCode()).isEqualTo(401);
    assertThat(async("a", hash("key-billing")).statusCode()).isEqualTo(401);
    HttpResponse<byte[]> basic =
        await(proxy.proxy("{\"account\":\"a\"}", "Authorization", "Basic key-billing"));
    assertThat(basic.statusCode()).isEqualTo(401);
    assertThat(jobServer.unseenStarts()).isZero();
    assertThat(async("a", "key-billing").statusCode()).isEqualTo(202);
    assertThat(proxy.get("/proxy/jobs/00000000-0000-7000-8000-000000000000").statusCode())
        .isEqualTo(401);
    for (String path : List.of("/proxy/jobs/no-id", "/proxy/jobs/no-id/result")) {
      assertThat(proxy.get(path).statusCode()).as(path).isEqualTo(401);
    }
  }

  @Test
  void healthAndCallbacksNeedNone() throws Exception {
    for (String path : new String[] {"/health", "/livez", "/readyz"}) {
      assertThat(proxy.get(path).statusCode()).isEqualTo(200);
    }
    var held = proxy.proxy("{\"account\":\"a\"}", "Authorization", bearer("key-billing"));
    String callback = jobServer.nextStart().callback();
    assertThat(json(proxy.callBack(callback, RESULT)).getString("status")).isEqualTo("stored");
    assertThat(await(held).body()).asString().isEqualTo(RESULT);
  }

  @Test
  void jobsAreThereOnlyForTheKeyThatMadeThem() throws Exception {
    String path = header(async("m1", "key-media"), "Location");
    assertThat(proxy.get(path, "Authorization", bearer("key-media")).statusCode()).isEqualTo(200);
    assertThat(proxy.get(path, "Authorization", bearer("key-billing")).statusCode()).isEqualTo(404);
    HttpResponse<byte[]> wait =
        proxy.get(path, "Authorization", bearer("key-billing"), "Prefer", "wait=5");
    assertThat(wait.statusCode()).isEqualTo(404);
    HttpResponse<byte[]> events =
        proxy.get(path, "Authorization", bearer("key-billing"), "Accept", "text/event-stream");
    assertThat(events.statusCode()).isEqualTo(404);
    HttpResponse<byte[]> cancel =
        await(proxy.send(proxy.request(path, "Authorization", bearer("key-billing")).DELETE()));
    assertThat(cancel.statusCode()).isEqualTo(404);
    HttpResponse<byte[]> own =
        await(proxy.send(proxy.request(path, "Authorization", bearer("key-media")).DELETE()));
    assertThat(own.statusCode()).isEqualTo(204);
    assertThat(proxy.proxy().held()).isZero();
  }

  @Test
  void eachKeyHasIdempotencyKeysOfItsOwn() throws Exception {
    String first = header(async("m1", "key-media", "Idempotency-Key", "k"), "Job-Id");
    String other = header(async("m1", "key-billing", "Idempotency-Key", "k"), "Job-Id");
    String again = header(async("m1", "key-media", "Idempotency-Key", "k"), "Job-Id");
    assertThat(other).isNotEqualTo(first);
    assertThat(again).isEqualTo(first);
  }

  @Test
  void keyIsLimitedToItsAccountsAndRate() throws Exception {
    HttpResponse<byte[]> foreign = async("a", "key-media");
    assertThat(foreign.statusCode()).isEqualTo(403);
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> good = async("m1", "key-media");
      assertThat(good.statusCode()).isEqualTo(202);
      assertThat(header(good, "RateLimit-Policy")).isEqualTo("\"key\";q=3;w=3600");
    }
    HttpResponse<byte[]> over = async("m2", "key-media");
    assertThat(over.statusCode()).isEqualTo(429);
    assertThat(header(over, "Retry-After")).isNotEmpty();
    assertThat(async("m2", "key-billing").statusCode()).isEqualTo(202);
  }

  @Test
  void changedFileIsReadAgainAndABrokenOneChangesNothing() throws Exception {
    write("keys:\n  - name: new\n    sha256: \"" + hash("key-new") + "\"\n");
    Eventually.that(() -> assertThat(async("a", "key-new").statusCode()).isEqualTo(202));
    assertThat(async("a", "key-billing").statusCode()).isEqualTo(401);
    try (LogLines log = new LogLines(ApiKeys.class)) {
      write("keys:\n  - name: new\n    sha256: \"123\"\n");
      Eventually.that(
          () -> assertThat(log.all()).anyMatch(line -> line.contains("must be 64 hex digits")));
    }
    assertThat(async("a", "key-new").statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                                                    | must be a list named keys",
        "'keys: [{name: a}]'                                   | sha256 must be 64 hex digits",
        "'keys: [{sha256: \"HASH\"}]'                          | name must be 1 to 64",
        "'keys: [{name: a, sha256: \"HASH\", rat: 1}]'         | unknown member rat",
        "'keys: [{name: a, sha256: \"HASH\", rate: fast}]'     | rate must be off, or a rate",
        "'keys: [{name: a, sha256: \"HASH\", accounts: []}]'   | accounts must be a list",
        "'keys: [{name: a, sha256: \"HASH\"}, {name: a, sha256: \"HASH\"}]' | a is given twice",
        "'keys: ['                                             | not YAML",
      })
  void mistakesInTheFileAreNamed(String text, String error) throws Exception {
    String hash = hash("x");
    Files.writeString(file, text.replace("HASH", hash));
    assertThatThrownBy(() -> ApiKeysFile.read(file))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(error)
        .hasMessageContaining("keys.yaml")
        .hasMessageNotContaining(hash);
  }
}
