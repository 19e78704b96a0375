package io.asyncproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
  private static String at(String json, String pointer) throws Exception {
    JsonPointer wanted = JsonPointer.compile(pointer);
    JsonTree tree = JsonTree.read(json.getBytes(UTF_8), List.of(wanted));
    return tree.at(wanted)
        .map(
            value -> value.kind() + " " + value.text() + " " + new String(tree.bytes(value), UTF_8))
        .orElse("-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":\"x\\u00e4\"} | /a | SCALAR xä \"x\\u00e4\"",
        "{\"a\": 1.50e3 } | /a | SCALAR 1.50e3 1.50e3",
        "{\"a\":true}|/a|SCALAR true true",
        "{\"a\":null}|/a|NULL null null",
        "{\"ä\":{\"b/c\":[0,{\"~\":[1, 2]}]}} | /ä/b~1c/1/~0 | ARRAY  [1, 2]",
        "{\"a\":{ \"b\":1 } }|/a|OBJECT  { \"b\":1 }",
        "{\"a\":1,\"a\":2}|/a|SCALAR 1 1",
        "[5,6]|/1|SCALAR 6 6",
        "{\"1\":7}|/1|SCALAR 7 7",
        "{\"a\":1}|/b|-",
        "{\"a\":1}|/a/b|-",
        "{\"a\":[1]}|/a/1|-",
        "7|/a|-"
      })
  void valuesAreFoundByPointer(String json, String pointer, String expected) throws Exception {
    assertThat(at(json.strip(), pointer.strip())).isEqualTo(expected.strip());
  }

  private static String with(String json, String pointer, String value) throws Exception {
    return new String(
        JsonTree.with(json.getBytes(UTF_8), JsonPointer.compile(pointer), value.getBytes(UTF_8)),
        UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|/a|{\"a\":0}",
        "{ }|/a|{ \"a\":0}",
        "{\"n\": 1.0 }|/a|{\"n\": 1.0 ,\"a\":0}",
        "{\"a\":{\"x\":[1]},\"b\":2}|/a|{\"a\":0,\"b\":2}",
        "{\"a\":{\"x\":1}}|/a/y|{\"a\":{\"x\":1,\"y\":0}}",
        "{}|/a/b/c|{\"a\":{\"b\":{\"c\":0}}}",
        "{\"a\":{}}|/a/b/c|{\"a\":{\"b\":{\"c\":0}}}",
        "{\"a\":[{},7]}|/a/0/u|{\"a\":[{\"u\":0},7]}",
        "{}|/a~1\"b|{\"a/\\\"b\":0}"
      })
  void oneValueChangesAndNoOtherByte(String json, String pointer, String expected)
      throws Exception {
    assertThat(with(json, pointer, "0")).isEqualTo(expected);
  }

  @Test
  void whatIsNoObjectOnTheWayIsAnError() {
    assertThatThrownBy(() -> with("{\"a\":7}", "/a/b", "0")).hasMessageContaining("`/a`");
    assertThatThrownBy(() -> with("[]", "/a", "0")).hasMessageContaining("the body");
    assertThatThrownBy(() -> with("{\"a\":[]}", "/a/0", "0")).hasMessageContaining("`/a`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{}x", "{} {}", "nul", "[1,]", "\u0000", "'a'", "01"})
  void whatIsNoJsonIsNone(String text) {
    assertThat(JsonTree.isJson(text.getBytes(UTF_8))).isFalse();
    assertThatThrownBy(() -> with(text, "/a", "0")).isInstanceOf(InvalidJsonException.class);
  }

  @Test
  void deepTextsAreRefusedNotOverflowed() {
    byte[] deep = "[".repeat(100_000).getBytes(UTF_8);
    assertThat(JsonTree.isJson(deep)).isFalse();
  }
}
