package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the operators' page, as the admin listener serves them. */
class ConsoleFilesTest {
  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    jobServer = new ScriptedJobServer();
    proxy = RunningProxy.before(jobServer, "admin.token", "s3cret");
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

  @ParameterizedTest
  @CsvSource({
    "/console, text/html; charset=utf-8",
    "/console/, text/html; charset=utf-8",
    "/console/main.js, text/javascript; charset=utf-8",
    "/console/style.css, text/css; charset=utf-8",
    "/console/icon.svg, image/svg+xml",
    "/console/uplot.js, text/javascript; charset=utf-8",
    "/console/uplot.css, text/css; charset=utf-8",
    "/console/jsdiff.js, text/javascript; charset=utf-8"
  })
  void filesComeWithoutTheTokenAndWithAStrictPolicy(String path, String type) throws Exception {
    HttpResponse<byte[]> file = admin("GET", path);
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(header(file, "Content-Type")).isEqualTo(type);
    assertThat(header(file, "Content-Security-Policy"))
        .startsWith("default-src 'none';")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(header(file, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(file, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(header(file, "Cache-Control")).isEqualTo("no-cache");
    assertThat(file.body()).isNotEmpty();
  }

  @Test
  void whatTheBrowserHasIsNotSentAgain() throws Exception {
    HttpResponse<byte[]> file = admin("GET", "/console/main.js");
    HttpResponse<byte[]> again =
        admin("GET", "/console/main.js", "If-None-Match", "W/" + header(file, "ETag"));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(header(again, "ETag")).isEqualTo(header(file, "ETag"));
    assertThat(admin("GET", "/console/main.js", "If-None-Match", "\"other\"").statusCode())
        .isEqualTo(200);
  }

  @Test
  void headHasTheLengthAndNoBody() throws Exception {
    HttpResponse<byte[]> head = admin("HEAD", "/console");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "Content-Length"))
        .isEqualTo(Integer.toString(admin("GET", "/console").body().length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/other.js",
        "/console/index.html/",
        "/console//main.js",
        "/console/../admin/config",
        "/console/%2e%2e/admin/config",
        "/console/..%2fadmin/config",
        "/console/../../META-INF/MANIFEST.MF",
        "/console/main.js%00",
        "/console/./main.js"
      })
  void nothingElseIsReachedThroughTheConsole(String path) throws Exception {
    try (RawClient client = new RawClient(proxy.proxy().adminPort())) {
      client
          .send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
          .readToEnd(9_000);
      assertThat(client.statuses()).containsExactly(404);
    }
  }

  @Test
  void adminApiAndOtherMethodsStillNeedTheToken() throws Exception {
    for (String path : List.of("/admin/jobs", "/metrics", "/consoles", "/admin/console")) {
      assertThat(admin("GET", path).statusCode()).isEqualTo(401);
    }
    assertThat(admin("POST", "/console").statusCode()).isEqualTo(401);
    assertThat(admin("POST", "/console", "Authorization", "Bearer s3cret").statusCode())
        .isEqualTo(405);
  }

  @Test
  void pagesOfOtherSitesMayChangeNothing() throws Exception {
    proxy.close();
    proxy = RunningProxy.before(jobServer);
    String replay = "/admin/dead-letters/replay";
    for (String site : List.of("cross-site", "same-site")) {
      assertThat(admin("POST", replay, "Sec-Fetch-Site", site).statusCode()).isEqualTo(403);
    }
    for (String site : List.of("same-origin", "none")) {
      assertThat(admin("POST", replay, "Sec-Fetch-Site", site).statusCode()).isEqualTo(200);
    }
    assertThat(admin("POST", replay).statusCode()).isEqualTo(200);
    for (String other : List.of("http://evil.example", "null", "http://127.0.0.1")) {
      assertThat(admin("POST", replay, "Origin", other).statusCode()).isEqualTo(403);
    }
    String own = "http://127.0.0.1:" + proxy.proxy().adminPort();
    assertThat(admin("POST", replay, "Origin", own).statusCode()).isEqualTo(200);
    assertThat(admin("GET", "/admin/jobs", "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:4568, 200",
    "127.0.0.1, 200",
    "[::1]:4568, 200",
    "proxy.localhost, 200",
    "rebound.example, 403",
    "127.0.0.1.example, 403",
    "localhost.example:4568, 403",
  })
  void withoutATokenNamesOfOthersAreNotServed(String host, int status) throws Exception {
    proxy.close();
    proxy = RunningProxy.before(jobServer);
    try (RawClient client = new RawClient(proxy.proxy().adminPort())) {
      client
          .send("GET /admin/nodes HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
          .readToEnd(9_000);
      assertThat(client.statuses()).containsExactly(status);
    }
  }

  @Test
  void everyFileThatThePageAsksForIsThere() throws Exception {
    Pattern asked = Pattern.compile("(?:href|src)=\"(/console/[^\"]+)\"|from '\\./([^']+)'");
    Set<String> seen = new HashSet<>();
    Deque<String> left = new ArrayDeque<>(List.of("/console"));
    while (!left.isEmpty()) {
      HttpResponse<byte[]> file = admin("GET", left.peek());
      assertThat(file.statusCode()).as(left.pop()).isEqualTo(200);
      asked
          .matcher(new String(file.body(), StandardCharsets.UTF_8))
          .results()
          .map(one -> one.group(1) == null ? "/console/" + one.group(2) : one.group(1))
          .filter(seen::add)
          .forEach(left::add);
    }
    assertThat(seen).hasSizeGreaterThan(20);
  }
}
