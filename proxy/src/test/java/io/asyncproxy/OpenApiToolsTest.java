package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What others' tools make of the specification that is served: a linter, and a client. */
class OpenApiToolsTest {
  private static final String LINTER = "@redocly/cli@2.77.0";
  private static final String GENERATOR = "@hey-api/openapi-ts@0.95.0";
  private static final String COMPILER = "typescript@5.9.3";

  /** All recommended rules; the program has no licence yet that could be named. */
  private static final String RULES = "extends: [recommended]\nrules: {info-license: off}\n";

  private static final String COMPILER_OPTIONS =
      """
      {
        "compilerOptions":
          {"strict": true, "target": "es2022", "module": "nodenext", "outDir": "out", "types": []},
        "include": ["src"]
      }
      """;

  /** The main job, with types: that the fields are there is checked when it is compiled. */
  private static final String MAIN_JOB =
      """
      import { createClient } from './client/client/index.js';
      import { getJob, startJob } from './client/sdk.gen.js';
      declare const process: { argv: string[] };
      declare const console: { log(text: string): void };

      const client = createClient({ baseUrl: process.argv[2] });
      const body = { account: 'a@b.c', wait: true, n: 7 };

      const held = await startJob({ client, body, throwOnError: true });
      const result = held.data;
      if (!('proof' in result)) throw new Error('no result');

      const accepted = await startJob({
        client, body, headers: { Prefer: 'respond-async' }, throwOnError: true });
      const id: string = accepted.data.id;
      const job = await getJob({
        client, path: { id }, headers: { Prefer: 'wait=20' }, throwOnError: true });
      if (typeof job.data === 'string') throw new Error('an event stream');

      const wrong = await startJob({ client, body: { account: '' } });
      if (!wrong.error) throw new Error('no error');
      console.log(JSON.stringify([
        held.response.status, result.proof, accepted.response.status, job.data.id === id,
        job.data.state, job.data.attempts, wrong.error.type, wrong.error.error]));
      """;

  @Test
  void linterHasNothingToSay() throws Exception {
    NodePackages npm = NodePackages.in("linter", LINTER);
    npm.write("redocly.yaml", RULES);
    npm.write("openapi.json", new String(OpenApiTest.specification(), UTF_8));
    JsonObject report =
        new JsonObject(npm.program("redocly", "lint", "--format=json", "openapi.json"));
    assertThat(report.getJsonArray("problems")).isEmpty();
    assertThat(report.getJsonObject("totals").getInteger("errors")).isZero();
  }

  @Test
  void generatedClientDoesTheMainJob() throws Exception {
    NodePackages npm = NodePackages.in("client", GENERATOR, COMPILER);
    npm.write("tsconfig.json", COMPILER_OPTIONS);
    npm.write("src/main.ts", MAIN_JOB);
    try (ScriptedJobServer jobServer = new ScriptedJobServer();
        RunningProxy proxy = RunningProxy.before(jobServer)) {
      npm.program("openapi-ts", "-i", proxy.uri("/openapi.json").toString(), "-o", "src/client");
      npm.program("tsc", "-p", ".");
      jobServer.onStart(
          start -> {
            start.accept("j1");
            CompletableFuture.runAsync(() -> callBack(proxy, start.callback()));
          });
      JsonArray said = new JsonArray(npm.node("out/main.js", "http://127.0.0.1:" + proxy.port()));
      assertThat(said)
          .containsExactly(
              200,
              "p1",
              202,
              true,
              "completed",
              1,
              "urn:async-proxy:problem:bad-request",
              "Missing account");
      assertThat(jobServer.nextStart().body().getInteger("n")).isEqualTo(7);
      assertThat(jobServer.nextStart().body().getBoolean("wait")).isFalse();
      assertThat(jobServer.unseenStarts()).isZero();
    }
  }

  private static void callBack(RunningProxy proxy, String url) {
    try {
      proxy.callBack(url, "{\"id\":\"j1\",\"state\":\"completed\",\"proof\":\"p1\"}");
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
