package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin API: jobs, dead letters and their replay, nodes, settings, and who may use it. */
class AdminTest {
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";

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

  private HttpResponse<byte[]> admin(String method, String path, String... headers)
      throws Exception {
    return proxy.admin(method, path, headers);
  }

  private String refusedJob(String account) throws Exception {
    jobServer.onStart(start -> start.answer(418, "<html>teapot</html>"));
    var answer = proxy.proxy("{\"account\":\"" + account + "\",\"n\":1}").get(20, TimeUnit.SECONDS);
    jobServer.nextStart();
    return header(answer, "Job-Id");
  }

  @Test
  void deadLetterHasItsReasonRequestHistoryAndPayload() throws Exception {
    String id = refusedJob("a");
    JsonObject letter = json(admin("GET", "/admin/dead-letters/" + id));
    assertThat(letter.getString("state")).isEqualTo("failed");
    assertThat(letter.getString("reason")).isEqualTo("refused");
    assertThat(letter.getInteger("upstream_status")).isEqualTo(418);
    assertThat(letter.getString("payload")).isEqualTo("<html>teapot</html>");
    assertThat(letter.getJsonObject("request").encode()).isEqualTo("{\"account\":\"a\",\"n\":1}");
    assertThat(letter.getJsonArray("history").getJsonObject(0).getString("outcome"))
        .isEqualTo("refused");
  }

  @Test
  void replayIsANewJobThatNamesTheOldOneAndTwiceIsTheSameAsOnce() throws Exception {
    String id = refusedJob("a");
    jobServer.onStart(start -> start.accept("1"));
    HttpResponse<byte[]> replay = admin("POST", "/admin/dead-letters/" + id + "/replay");
    assertThat(replay.statusCode()).isEqualTo(201);
    String again = json(replay).getString("id");
    assertThat(again).isNotEqualTo(id);
    assertThat(json(admin("POST", "/admin/dead-letters/" + id + "/replay")).getString("id"))
        .isEqualTo(again);

    var start = jobServer.nextStart();
    assertThat(start.body().getInteger("n")).isEqualTo(1);
    proxy.callBack(start.callback(), RESULT);
    JsonObject job = json(proxy.get("/proxy/jobs/" + again));
    assertThat(job.getString("state")).isEqualTo("completed");
    assertThat(job.getString("replay_of")).isEqualTo(id);
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @Test
  void bulkReplayTakesThoseOfOneReasonOnly() throws Exception {
    refusedJob("a");
    refusedJob("b");
    jobServer.onStart(start -> start.answer(500, ""));
    proxy.proxy("{\"account\":\"c\"}").get(20, TimeUnit.SECONDS);
    jobServer.nextStart();
    jobServer.onStart(start -> start.accept("1"));
    HttpResponse<byte[]> replay = admin("POST", "/admin/dead-letters/replay?reason=refused");
    assertThat(json(replay).getInteger("replayed")).isEqualTo(2);
    jobServer.nextStart();
    jobServer.nextStart();
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @Test
  void bulkReplayOfWhatIsNoJobReplaysNothing() throws Exception {
    refusedJob("a");
    for (String reason : List.of("undelivered", "conflict", "orphan", "rejected")) {
      assertThat(admin("POST", "/admin/dead-letters/replay?reason=" + reason).statusCode())
          .isEqualTo(400);
    }
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @Test
  void discardedLetterIsGone() throws Exception {
    String id = refusedJob("a");
    assertThat(admin("DELETE", "/admin/dead-letters/" + id).statusCode()).isEqualTo(204);
    assertThat(admin("DELETE", "/admin/dead-letters/" + id).statusCode()).isEqualTo(404);
    assertThat(admin("GET", "/admin/jobs/" + id).statusCode()).isEqualTo(404);
  }

  @Test
  void lateResultTakesALetterOut() throws Exception {
    jobServer.onStart(start -> start.answer(500, ""));
    var answer = proxy.proxy("{\"account\":\"a\"}").get(20, TimeUnit.SECONDS);
    String id = header(answer, "Job-Id");
    assertThat(admin("GET", "/admin/dead-letters/" + id).statusCode()).isEqualTo(200);
    proxy.callBack(jobServer.nextStart().callback(), RESULT);
    assertThat(admin("GET", "/admin/dead-letters/" + id).statusCode()).isEqualTo(404);
    assertThat(json(proxy.get("/proxy/jobs/" + id)).getString("state")).isEqualTo("completed");
  }

  @Test
  void conflictingResultIsKeptForInspection() throws Exception {
    var held = proxy.proxy("{\"account\":\"a\"}");
    String callback = jobServer.nextStart().callback();
    proxy.callBack(callback, RESULT);
    proxy.callBack(callback, "{\"id\":\"other\"}");
    String id = header(held.get(20, TimeUnit.SECONDS), "Job-Id");
    JsonArray conflicts = json(admin("GET", "/admin/jobs/" + id)).getJsonArray("conflicts");
    assertThat(conflicts).hasSize(1);
    assertThat(conflicts.getJsonObject(0).getString("body")).isEqualTo("{\"id\":\"other\"}");
  }

  @Test
  void listsComeInPagesThatEndWithoutACursor() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(refusedJob("account-" + i));
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page = json(admin("GET", "/admin/dead-letters?limit=2" + cursor));
      page.getJsonArray("items").forEach(item -> seen.add(((JsonObject) item).getString("id")));
      String next = page.getString("cursor");
      cursor = next == null ? "" : "&cursor=" + next;
    } while (!cursor.isEmpty());
    ids.sort(java.util.Comparator.reverseOrder()); // of one millisecond in any order
    assertThat(seen).isEqualTo(ids);
    JsonArray one =
        json(admin("GET", "/admin/jobs?account=account-3&state=failed")).getJsonArray("items");
    assertThat(one).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/admin/jobs?state=sleeping",
    "/admin/jobs?limit=0",
    "/admin/jobs?limit=1001",
    "/admin/jobs?limit=x",
    "/admin/jobs?cursor=x",
    "/admin/dead-letters?reason=x"
  })
  void badQueriesAre400(String path) throws Exception {
    HttpResponse<byte[]> answer = admin("GET", path);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).getString("error")).startsWith("Invalid ");
  }

  @Test
  void jobIsCancelledOnce() throws Exception {
    var held = proxy.proxy("{\"account\":\"a\"}");
    jobServer.nextStart();
    String id =
        json(admin("GET", "/admin/jobs")).getJsonArray("items").getJsonObject(0).getString("id");
    assertThat(admin("DELETE", "/admin/jobs/" + id).statusCode()).isEqualTo(204);
    assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(410);
    assertThat(admin("DELETE", "/admin/jobs/" + id).statusCode()).isEqualTo(409);
  }

  @Test
  void nodesAndSettingsAreShown() throws Exception {
    JsonObject node = json(admin("GET", "/admin/nodes")).getJsonArray("items").getJsonObject(0);
    assertThat(node.getString("state")).isEqualTo("serving");
    assertThat(node.getMap()).containsKeys("id", "started_at", "seen_at", "held");
    assertThat(
            json(admin("GET", "/admin/config")).getJsonObject("job-server.url").getString("value"))
        .isEqualTo(jobServer.url());
  }

  @Test
  void whereATokenIsSetEveryRequestNeedsIt() throws Exception {
    proxy.close();
    proxy = RunningProxy.before(jobServer, "admin.token", "s3cret");
    for (String path : List.of("/admin/jobs", "/admin/config", "/nowhere")) {
      HttpResponse<byte[]> refused = admin("GET", path);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(header(refused, "WWW-Authenticate")).startsWith("Bearer");
      assertThat(admin("GET", path, "Authorization", "Bearer wrong").statusCode()).isEqualTo(401);
    }
    HttpResponse<byte[]> config = admin("GET", "/admin/config", "Authorization", "Bearer s3cret");
    assertThat(config.statusCode()).isEqualTo(200);
    assertThat(json(config).getJsonObject("admin.token").getString("value")).isEqualTo("set");
    assertThat(admin("GET", "/proxy", "Authorization", "Bearer s3cret").statusCode())
        .isEqualTo(404);
  }
}
