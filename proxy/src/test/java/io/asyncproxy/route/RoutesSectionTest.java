package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every mistake is told by file, line and key. */
class RoutesSectionTest {
  @TempDir private Path folder;

  private Routes read(String yaml) throws Exception {
    Path file = Files.writeString(folder.resolve("p.yaml"), yaml);
    Map<String, String> environment = Map.of("KEY", "secret-77", "URL", "http://h:1");
    Values values = Values.resolve(new SettingsInput(Map.of(), environment, Optional.of(file)));
    return RoutesSection.read(values.section("routes"), values.environment());
  }

  private List<String> mistakes(String yaml) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> read(yaml))
        .mistakes()
        .stream()
        .map(line -> line.replace(folder + "/", ""))
        .toList();
  }

  @Test
  void allMistakesAreToldAtOnce() {
    assertThat(
            mistakes(
                """
                port: 1
                routes:
                  a:
                    path: b
                    start:
                      url: ftp://x/y
                      method: FETCH
                      callbak: body:/x
                      headers: {Host: x, "a b": y, X: "${NONE}"}
                      set: {nowhere: 1, "body:/a": "{path.z}"}
                    answer: {accepted: [20]}
                    callback: {completed: [ok], auth: {type: hmac, signed: x}}
                    status: {every: 1}
                    limits: {timeout: 1y, colour: red}
                  B: {start: {url: "http://h/{path.q}", callback: "body:/x"}}
                """))
        .contains(
            "p.yaml:4: routes.a.path: `b` must begin with / and name something",
            "p.yaml:6: routes.a.start.url: must be an http or https URL whose host has no {place}",
            "p.yaml:7: routes.a.start.method: `FETCH` must be GET, POST, PUT or PATCH",
            "p.yaml:9: routes.a.start.headers.Host: Host is set by the proxy itself",
            "p.yaml:9: routes.a.start.headers.a b: `a b` is no name of a header field",
            "p.yaml:9: routes.a.start.headers.X: the variable NONE is not set",
            "p.yaml:11: routes.a.answer.accepted: `20` is no status such as 202 or 2xx",
            "p.yaml:12: routes.a.callback.auth.signed: must have {body}",
            "p.yaml:12: routes.a.callback.auth.secret: is needed, as ${VARIABLE} or ${file:PATH}",
            "p.yaml:12: routes.a.callback.auth.header: is needed",
            "p.yaml:13: routes.a.status.url: is needed: where the API is asked for a job",
            "p.yaml:14: routes.a.limits.timeout: `1y` must be a duration (ms, s, m, h, d) from 10ms"
                + " to 10m")
        .anyMatch(line -> line.startsWith("p.yaml:8: routes.a.start.callbak: unknown key; known"))
        .anyMatch(line -> line.startsWith("p.yaml:10: routes.a.start.set.nowhere: `nowhere` is no"))
        .anyMatch(line -> line.contains("{path.z} is not known here; known: {account}, {job}"))
        .anyMatch(line -> line.contains("routes.a.callback.state: is needed"))
        .anyMatch(line -> line.contains("routes.a.start: callback is needed"))
        .anyMatch(line -> line.startsWith("p.yaml:14: routes.a.limits.colour: unknown key"))
        .anyMatch(line -> line.startsWith("p.yaml:15: routes.B: a route's name has 1 to 40"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'routes: {a: {preset: nothing}}' | there is no preset `nothing`; there are async-proxy",
        "'routes: {a: {start: {url: \"http://h/\", callback: \"body:/x\"}}, b: {path: /a, start: {url: \"http://h/\", callback: \"body:/x\"}}}' | routes.b: has the same path as a",
        "'routes: {a: {start: {url: \"http://h/\"}, callback: {find-by: id}}}' | routes.a.callback: is found by id, which anybody may guess",
        "'routes: {a: {start: {url: \"http://{account}/\", callback: \"body:/x\"}}}' | whose host has no {place}",
        "'routes: {a: {start: {url: \"http://h{account}/\", callback: \"body:/x\"}}}' | whose host has no {place}",
        "'routes: [a]' | routes must have keys and values",
        "'routes: {a: {start: {url: \"http://h/\", callback: \"body:/x\", content-types: [\"text/csv\"]}}}' | must be JSON, because values are set",
      })
  void mistakesSayWhatIsMeant(String yaml, String expected) {
    assertThat(mistakes(yaml)).anyMatch(line -> line.contains(expected));
  }

  @Test
  void whatIsWrittenGoesOverThePreset() throws Exception {
    Routes routes =
        read(
            """
            routes:
              second:
                preset: async-proxy
                start: {url: "${URL}/start", headers: {X: "${KEY}"}}
                callback: {progress: [waiting]}
            """);
    Route route = routes.named("second").orElseThrow();
    assertThat(route.path().text()).isEqualTo("/second");
    assertThat(route.origin()).hasToString("http://h:1");
    assertThat(route.callback().state().completed()).containsExactly("completed");
    assertThat(route.callback().state().progress()).containsExactly("waiting");
    assertThat(route.start().headers().values())
        .extracting(Template::fill)
        .containsExactly("secret-77");
    assertThat(route.limits().connectionsPerAccount()).contains(1);
    assertThat(route.toString()).contains("${KEY}").doesNotContain("secret-77");
  }

  @Test
  void mistakesInAPresetNameIt() {
    assertThat(mistakes("routes: {a: {preset: async-proxy}}"))
        .containsExactly(
            "preset async-proxy:5: routes.a.start.url: the variable JOB_SERVER_URL is not set");
  }

  @Test
  void ofSeveralRoutesTheMostExactIsMeant() throws Exception {
    String rest = "start: {url: \"http://h/\", callback: \"body:/x\"}";
    Routes routes =
        read(
            "routes:\n  a: {path: /x/*, %1$s}\n  b: {path: \"/x/{y}\", %1$s}\n  c: {path: /x/z, %1$s}\n"
                .formatted(rest));
    assertThat(routes.match("/x/z").orElseThrow().route().name()).isEqualTo("c");
    assertThat(routes.match("/x/q").orElseThrow().route().name()).isEqualTo("b");
    assertThat(routes.match("/x/q/r").orElseThrow().route().name()).isEqualTo("a");
    assertThat(routes.match("/y")).isEmpty();
  }

  @Test
  void sameTextIsTheSameRouteAndAnotherSecretIsNot() throws Exception {
    String yaml =
        "routes: {a: {start: {url: \"http://h/\", callback: \"body:/x\", headers: {X: \"${%s}\"}}}}";
    Route one = read(yaml.formatted("KEY")).all().getFirst();
    assertThat(one.isSameAs(read("# b\n" + yaml.formatted("KEY")).all().getFirst())).isTrue();
    assertThat(one.isSameAs(read(yaml.formatted("URL")).all().getFirst())).isFalse();
  }

  @Test
  void explanationsShowNoSecret() throws Exception {
    Route route =
        read("""
                routes:
                  a:
                    start:
                      url: ${URL}/x/{path.y}
                      headers: {X: "a ${KEY}"}
                      callback: body:/hook
                      set: {"body:/k": "${KEY}", "query:k": "${KEY}"}
                    path: /a/{y}
                    callback: {id: "body:/id", auth: {type: bearer, token: "${KEY}"}}
                    status: {url: "${URL}/{id}?k=${KEY}", state: "body:/s"}
                    result: {url: "${URL}/{id}?k=${KEY}"}
                """)
            .all()
            .getFirst();
    RouteExplanation explanation = new RouteExplanation(route);
    byte[] callback = "{\"id\":\"7\"}".getBytes(UTF_8);
    String all =
        explanation.start(new byte[0], "http://p")
            + "\n"
            + explanation.rules()
            + explanation.callback(
                new RouteExplanation.Sample(
                    Map.of("Content-Type", "application/json"), "", callback),
                Instant.EPOCH);
    assertThat(all)
        .doesNotContain("secret-77")
        .contains("POST ${URL}/x/Y?k=")
        .contains("${URL}/7?k=");
  }

  @Test
  void hostsOfAllUrlsAreFixed() {
    assertThat(
            mistakes(
                """
                routes:
                  a:
                    path: /a/{h}
                    start: {url: "http://h/", callback: "body:/x"}
                    callback: {state: "body:/s"}
                    status: {url: "http://{path.h}.example.com/"}
                    result: {url: "h.example.com/x"}
                """))
        .anyMatch(line -> line.contains("routes.a.status.url: must be an http or https URL whose"))
        .anyMatch(line -> line.contains("routes.a.result.url: must be an http or https URL whose"));
  }
}
