package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedApi.Answer;
import io.asyncproxy.ScriptedApi.Asked;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The routes that {@code docs/routes.md} writes from prose do what the prose says. */
class RouteDocsTest extends RouteFixture {
  private static final int MOST_LINES = 20;

  private static String example(String name) throws Exception {
    String page = Files.readString(Path.of("..", "docs", "routes.md"));
    List<String> blocks =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(page)
            .results()
            .map((MatchResult block) -> block.group(1))
            .filter(block -> block.contains("  " + name + ":"))
            .toList();
    assertThat(blocks).hasSize(1);
    assertThat(blocks.getFirst().lines()).hasSizeLessThan(MOST_LINES);
    return blocks.getFirst().replaceAll("https://[a-z]+\\.example\\.com", "\\${API}");
  }

  @Test
  void paintShop() throws Exception {
    variable("PAINT_KEY", "k");
    start(example("paintings"));
    api.on(_ -> Answer.json(201, "{\"painting\": {\"number\": 12}}"));
    var held = post("/paintings", "{\"of\":\"a cat\"}");
    Asked start = api.next();
    assertThat(start.uri()).isEqualTo("/v1/paintings");
    assertThat(start.header("X-Key")).isEqualTo("k");
    String url = start.json().getString("notify_url");
    assertThat(callBack(url, "{\"number\":12,\"stage\":\"wet\"}").statusCode()).isEqualTo(200);
    String dry = "{\"number\":12,\"stage\":\"dry\",\"image\":\"https://x\"}";
    callBack(url, dry);
    assertThat(get(held).body()).asString().isEqualTo(dry);
  }

  @Test
  void paintShopThatForgetsToCallBack() throws Exception {
    variable("PAINT_KEY", "k");
    start(example("paintings").replace("{id}\"", "{id}\", every: 100ms"));
    api.on(
        asked ->
            asked.method().equals("POST")
                ? Answer.json(201, "{\"painting\": {\"number\": 12}}")
                : Answer.json(200, "{\"number\":12,\"stage\":\"spoiled\"}"));
    assertThat(get(post("/paintings", "{}")).body()).asString().contains("spoiled");
    api.next();
    assertThat(api.next().uri()).isEqualTo("/v1/paintings/12");
  }

  private static String signature(String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("s3".getBytes(UTF_8), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
  }

  @Test
  void numberCruncher() throws Exception {
    variable("CRUNCH_SECRET", "s3");
    start(example("crunch"));
    api.on(_ -> Answer.empty(202, "X-Job", "n1"));
    var held = post("/crunch", "1;2;3", "Content-Type", "application/x-numbers");
    Asked start = api.next();
    assertThat(start.method()).isEqualTo("PUT");
    assertThat(start.text()).isEqualTo("1;2;3");
    assertThat(start.header("Content-Type")).isEqualTo("application/x-numbers");
    String url = URLDecoder.decode(start.uri().replace("/jobs?reply-to=", ""), UTF_8);
    byte[] csv = "sum\n6\n".getBytes(UTF_8);
    String[] unsigned = {"Content-Type", "text/csv", "X-Job", "n1"};
    assertThat(callBack(url, csv, unsigned).statusCode()).isEqualTo(401);
    callBack(url, csv, "Content-Type", "text/csv", "X-Job", "n1", "X-Sig", signature("sum\n6\n"));
    HttpResponse<byte[]> answer = get(held);
    assertThat(answer.body()).isEqualTo(csv);
    assertThat(RunningProxy.header(answer, "Content-Type")).isEqualTo("text/csv");
  }

  @Test
  void numberCruncherThatFails() throws Exception {
    variable("CRUNCH_SECRET", "s3");
    start(example("crunch"));
    api.on(_ -> Answer.empty(202, "X-Job", "n1"));
    var held = post("/crunch", "1;2;x", "Content-Type", "text/plain");
    String url = URLDecoder.decode(api.next().uri().replace("/jobs?reply-to=", ""), UTF_8);
    callBack(url, "x".getBytes(UTF_8), "X-Failed", "yes", "X-Sig", signature("x"));
    assertThat(get(held).statusCode()).isEqualTo(422);
  }
}
