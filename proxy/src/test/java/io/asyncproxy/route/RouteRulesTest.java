package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncproxy.route.StateRule.Meaning;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small parts of routes. */
class RouteRulesTest {

  @ParameterizedTest
  @CsvSource({
    "/a/{x}/*,/a/1/2/3,'{x=1, rest=2/3}'",
    "/a/{x}/*,/a/1,-",
    "/a/{x}/*,/a/1/,-",
    "/a/{x},/a/,-",
    "/a/{x},/a/b/,-",
    "/a/{x},/a/b%2Fc,'{x=b%2Fc}'",
    "/a,/a,{}",
    "/a,/a/,-",
    "/a,/ab,-",
    "/a,/,-",
    "/a,'',-",
    "/a/*,/a/b/../c,-",
    "/a/*,/a/%2E%2e/c,-",
    "/a/*,/a/..\\c,-",
    "/a/{x},/a/..%2f..%2Fadmin,-",
    "/a/{x},/a/..%5cb,-",
    "/a/{x},/a/..;v=1,-",
    "/a/{x},/a/%2e%2E%3bv,-",
    "/a/{x},/a/b;v=1..,'{x=b;v=1..}'",
    "/a/{x},/a/..,-",
    "/a/{x},/a/.,-",
    "/a/{x},/a/..b,'{x=..b}'"
  })
  void pathsMatch(String pattern, String path, String expected) {
    Optional<Map<String, String>> match = PathPattern.parse(pattern).match(path);
    assertThat(match.map(Map::toString).orElse("-")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/",
        "//",
        "/a//b",
        "/*",
        "/a/*/b",
        "/{}",
        "/proxy",
        "/proxy/x",
        "/livez"
      })
  void pathsThatCantBeAreRefused(String pattern) {
    assertThatThrownBy(() -> PathPattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void templatesAreFilledAndMasked() {
    Template template =
        Template.parse(
            "a${S}{path.x}{{b}${D:-c}",
            name -> name.equals("S") ? Optional.of("top") : Optional.empty());
    assertThat(template.places()).containsExactly("path.x");
    assertThat(template.fill(String::toUpperCase)).isEqualTo("atopPATH.X{b}c");
    assertThat(template.masked().fill(String::toUpperCase)).isEqualTo("a${S}PATH.X{b}c");
    assertThatThrownBy(() -> Template.parse("${GONE}", _ -> Optional.empty()))
        .hasMessageContaining("GONE");
  }

  @ParameterizedTest
  @CsvSource({"a=1&b=2,b,2", "a=%C3%A4+x,a,ä x", "a,a,''", "a=1&a=2,a,1", "%zz=1,%zz,1", "'',a,-"})
  void formFieldsAreRead(String form, String name, String expected) {
    assertThat(Form.of(form).field(name).orElse("-")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"a=1&b=%2F,a,x y,b=%2F&a=x+y", "'',a,&,a=%26", "a=1&a=2&c,a,3,c&a=3"})
  void oneFieldChangesAndNoOtherByte(String form, String name, String value, String expected) {
    assertThat(Form.of(form).with(name, value).text()).isEqualTo(expected);
  }

  private static Meaning meaning(StateRule rule, String state) {
    return rule.of(new Message(_ -> Optional.empty(), "", ("s=" + state).getBytes(UTF_8)));
  }

  @Test
  void statesThatNobodyNamedEndNothingWhereTheOthersAreNamed() {
    Optional<Location> at = Location.parse("form:s");
    StateRule named = new StateRule(at, List.of("ok", "2*"), List.of("bad"), List.of("busy"));
    assertThat(meaning(named, "ok")).isEqualTo(Meaning.COMPLETED);
    assertThat(meaning(named, "204")).isEqualTo(Meaning.COMPLETED);
    assertThat(meaning(named, "bad")).isEqualTo(Meaning.FAILED);
    assertThat(meaning(named, "busy")).isEqualTo(Meaning.PROGRESS);
    assertThat(meaning(named, "new")).isEqualTo(Meaning.PROGRESS);
    assertThat(meaning(named, "")).isEqualTo(Meaning.PROGRESS);
    StateRule onlyBad = new StateRule(at, List.of(), List.of("bad"), List.of("busy"));
    assertThat(meaning(onlyBad, "new")).isEqualTo(Meaning.COMPLETED);
    assertThat(meaning(StateRule.ANY, "bad")).isEqualTo(Meaning.COMPLETED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"body:", "body:a", "header:", "header:a b", "query:", "form:", "x:y", "", "Body"})
  void placesThatCantBeAreNone(String text) {
    assertThat(Location.parse(text)).isEmpty();
  }
}
