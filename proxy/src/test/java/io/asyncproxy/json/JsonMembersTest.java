package io.asyncproxy.json;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads and cuts members without touching anything else. */
class JsonMembersTest {
  private static final Set<String> WANTED = Set.of("account", "wait", "callback");
  private static final String BOM = "\ufeff";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|{}",
        "{ }|{ }",
        "{\"a\":1}|{\"a\":1}",
        "{\"wait\":true}|{}",
        "{\"wait\":true,\"callback\":\"u\"}|{}",
        "{\"callback\":\"u\",\"wait\":true}|{}",
        "{\"wait\":true,\"a\":1}|{\"a\":1}",
        "{\"a\":1,\"wait\":true}|{\"a\":1}",
        "{\"a\":1,\"wait\":true,\"b\":2}|{\"a\":1,\"b\":2}",
        "{\"wait\":true,\"callback\":\"u\",\"a\":1}|{\"a\":1}",
        "{\"wait\":true,\"a\":1,\"callback\":\"u\"}|{\"a\":1}",
        "{\"a\":1,\"wait\":true,\"callback\":\"u\"}|{\"a\":1}",
        "{\"a\":1,\"callback\":\"u\",\"wait\":true}|{\"a\":1}",
        "{\"a\":1,\"wait\":true,\"callback\":\"u\",\"b\":2}|{\"a\":1,\"b\":2}",
        "{\"a\":1,\"wait\":true,\"b\":2,\"callback\":\"u\"}|{\"a\":1,\"b\":2}",
        "{\"wait\":true,\"a\":1,\"callback\":\"u\",\"b\":2}|{\"a\":1,\"b\":2}",
        "{\"a\":1,\"wait\":true,\"b\":2,\"callback\":\"u\",\"c\":3}|{\"a\":1,\"b\":2,\"c\":3}",
        "{\"a\":\",}\",\"wait\":true}|{\"a\":\",}\"}",
        "{\"wait\":{\"x\":[1,{\"y\":2}]},\"a\":1}|{\"a\":1}",
        "{\"a\":1,\"wait\":[[],{}]}|{\"a\":1}",
        "{\"a\":1,\"wait\":-12.5e+3}|{\"a\":1}",
        "{\"wait\":12,\"a\":1}|{\"a\":1}",
        "{\"wait\":null,\"a\":1}|{\"a\":1}",
        "{\"wait\":\"\\\"}\\\\\",\"a\":1}|{\"a\":1}",
        "{\"wa\\u0069t\":true,\"a\":1}|{\"a\":1}"
      })
  void cutsMembersWhereverTheyStand(String json, String rest) throws Exception {
    assertThat(without(json, "wait", "callback")).isEqualTo(rest);
    assertThat(without(json, "callback", "wait")).isEqualTo(rest);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ ~wait~ : true }|{  }",
        "{ ~a~ : 1 , ~wait~ : true }|{ ~a~ : 1 }",
        "{ ~wait~ : true , ~a~ : 1 }|{  ~a~ : 1 }",
        "{~a~:1 ,#~wait~#:#true#,#~b~:2}|{~a~:1 ,##~b~:2}",
        "{~a~:1#,#~wait~:1#,#~callback~:2#}|{~a~:1#}",
        "{#~wait~:1#,#~callback~:2#}|{##}"
      })
  void keepsTheRestOfTheWhiteSpace(String json, String rest) throws Exception {
    for (String space : new String[] {" ", "\n", "\t", "\r\n"}) {
      String expected = rest.replace('~', '"').replace("#", space);
      String cut = without(json.replace('~', '"').replace("#", space), "wait", "callback");
      assertThat(cut.replaceAll("\\s", "")).isEqualTo(expected.replaceAll("\\s", ""));
      new io.vertx.core.json.JsonObject(cut);
    }
  }

  @Test
  void cutsNothingThatIsNotNamed() throws Exception {
    String json = "{\"wait\":true,\"callback\":\"u\"}";

    assertThat(without(json)).isEqualTo(json);
    assertThat(without(json, "wait")).isEqualTo("{\"callback\":\"u\"}");
  }

  @Test
  void membersOfTheSameNameFurtherInsideStay() throws Exception {
    String inner = "\"a\":{\"wait\":1,\"callback\":2},\"b\":[{\"wait\":3}],\"c\":\"wait\"";

    assertThat(without("{\"wait\":true," + inner + ",\"callback\":4}", "wait", "callback"))
        .isEqualTo("{" + inner + "}");
  }

  @Test
  void numbersAndEscapesStayAsTheyAreWritten() throws Exception {
    String odd =
        "\"n\":12345678901234567890123456789.10,\"m\":1E+400,\"z\":-0.0,\"s\":\"\\u00e9\\/\u00e9\"";

    assertThat(without("{" + odd + ",\"wait\":false}", "wait")).isEqualTo("{" + odd + "}");
  }

  @Test
  void characterOfManyBytesBeforeTheCutDoesNotShiftIt() throws Exception {
    String names = "\"\u00e9\u20ac\ud83d\ude00\":\"\ud83d\ude00\u20ac\u00e9\"";

    assertThat(without("{" + names + ",\"wait\":false," + "\"b\":1}", "wait"))
        .isEqualTo("{" + names + ",\"b\":1}");
  }

  @Test
  void hugeNumbersAreNoHarm() throws Exception {
    String number = "9".repeat(100_000);

    assertThat(without("{\"n\":" + number + ",\"wait\":1" + number + "}", "wait"))
        .isEqualTo("{\"n\":" + number + "}");
  }

  @Test
  void longStringsAndNamesAreNoHarm() throws Exception {
    String text = "\u20ac".repeat(100_000);

    assertThat(without("{\"" + text + "\":\"" + text + "\",\"wait\":\"" + text + "\"}", "wait"))
        .isEqualTo("{\"" + text + "\":\"" + text + "\"}");
  }

  @Test
  void byteOrderMarkAndSpaceAroundTheObjectAreLeftOut() throws Exception {
    assertThat(without(BOM + " {\"a\":1,\"wait\":true}\n ", "wait")).isEqualTo("{\"a\":1}");
    assertThat(without(BOM + "{\"wait\":true,\"a\":1}", "wait")).isEqualTo("{\"a\":1}");
    assertThat(without("\n{\"a\":1}\n")).isEqualTo("{\"a\":1}");
  }

  @Test
  void membersAreReadAsWhatTheyAre() throws Exception {
    JsonMembers members =
        read("{\"account\":\"a\\u0040b\\n\ud83d\ude00\",\"wait\":false,\"callback\":{}}");

    assertThat(members.string("account")).contains("a@b\n\ud83d\ude00");
    assertThat(members.member("wait")).map(Member::kind).contains(Member.Kind.FALSE);
    assertThat(members.member("callback")).map(Member::kind).contains(Member.Kind.OTHER);
    assertThat(members.string("wait")).isEmpty();
    assertThat(members.string("callback")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "true,TRUE",
    "false,FALSE",
    "null,NULL",
    "0,OTHER",
    "-1.5e3,OTHER",
    "[],OTHER",
    "{},OTHER",
    "'\"\"',STRING",
    "'\"true\"',STRING"
  })
  void everyKindOfValueIsTold(String value, Member.Kind kind) throws Exception {
    assertThat(read("{\"wait\":" + value + "}").member("wait")).map(Member::kind).contains(kind);
    assertThat(read("{\"wait\":" + value + "}").member("account")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"wait\":1,\"wait\":1}",
        "{\"wait\":1,\"a\":2,\"wait\":3}",
        "{\"wait\":1,\"w\\u0061it\":2}"
      })
  void wantedMemberGivenTwiceIsRefused(String json) {
    assertInvalid(json, "The member `wait` is given twice");
  }

  @Test
  void otherMemberGivenTwiceIsPassedOn() throws Exception {
    assertThat(without("{\"a\":1,\"wait\":1,\"a\":2}", "wait")).isEqualTo("{\"a\":1,\"a\":2}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "{\"a\":truee}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"}",
        "{\"a\":[1,]}",
        "{\"a\":[}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1}}",
        "{\"a\":1} x",
        "{\"a\":1}{}",
        "{\"a\":1},",
        "// no\n{}",
        "{}/**/",
        "{}\u0000"
      })
  void whatIsNotJsonIsRefused(String text) {
    assertInvalid(text, "Invalid JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "12 ", "\"a\"", "true", "null", "[{\"wait\":1}]"})
  void jsonThatIsNoObjectIsRefusedAsSuch(String json) {
    assertInvalid(json, "The body must be a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[] x", "[", "1 2", "tru", "\"a"})
  void whatIsNeitherIsNotJson(String text) {
    assertInvalid(text, "Invalid JSON");
  }

  @Test
  void otherEncodingsAreRefused() {
    for (String text : new String[] {"{\"a\":1}", BOM + "{\"a\":1}", "{}"}) {
      for (Charset charset : new Charset[] {UTF_16BE, UTF_16LE, Charset.forName("UTF-32BE")}) {
        assertInvalid(text.getBytes(charset), "Invalid JSON");
      }
      assertInvalid(text.getBytes(Charset.forName("UTF-32LE")), "Invalid JSON");
    }
  }

  @Test
  void brokenUtf8IsRefused() {
    for (int first : new int[] {0x80, 0xbf, 0xf8, 0xfe, 0xff, 0xe2, 0xc3}) {
      byte[] json = "{\"a\":\"_\"}".getBytes(UTF_8);
      json[6] = (byte) first;
      assertInvalid(json, "Invalid JSON");
    }
  }

  @Test
  void nestingIsTakenUpToItsLimit() throws Exception {
    String deepest = "{\"a\":" + "[".repeat(199) + "]".repeat(199) + ",\"wait\":1}";
    String deeper = "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}";
    String bottomless = "{\"a\":" + "[".repeat(1_000_000);

    assertThat(without(deepest, "wait")).isEqualTo(deepest.replace(",\"wait\":1", ""));
    assertInvalid(deeper, "Invalid JSON: nested more than 200 deep");
    assertInvalid(bottomless, "Invalid JSON: nested more than 200 deep");
  }

  private static void assertInvalid(String json, String error) {
    assertInvalid(json.getBytes(UTF_8), error);
  }

  private static void assertInvalid(byte[] json, String error) {
    assertThatThrownBy(() -> JsonMembers.read(json, WANTED))
        .isInstanceOfSatisfying(
            InvalidJsonException.class, invalid -> assertThat(invalid.error()).isEqualTo(error));
  }

  private static JsonMembers read(String json) throws InvalidJsonException {
    return JsonMembers.read(json.getBytes(UTF_8), WANTED);
  }

  private static String without(String json, String... names) throws InvalidJsonException {
    return new String(read(json).without(names), UTF_8);
  }

  @Test
  void bytesThatAreNotUtf8AreInvalid() {
    for (byte[] bad :
        new byte[][] {
          {(byte) 0xC0, (byte) 0x80},
          {(byte) 0xE0, (byte) 0x80, (byte) 0x80},
          {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
          {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
          {(byte) 0xFF}
        }) {
      java.io.ByteArrayOutputStream json = new java.io.ByteArrayOutputStream();
      json.writeBytes("{\"x\":\"".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      json.writeBytes(bad);
      json.writeBytes("\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> JsonMembers.read(json.toByteArray(), java.util.Set.of("account")))
          .isInstanceOf(InvalidJsonException.class);
    }
  }
}
