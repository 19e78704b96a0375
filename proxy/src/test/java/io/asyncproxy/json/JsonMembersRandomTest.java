package io.asyncproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random objects, cut, against a JSON library. */
class JsonMembersRandomTest {
  private static final Set<String> CUT = Set.of("wait", "callback");
  private static final String[] NAMES = {
    "account", "a", "\u00e9", "\ud83d\ude00", "wai", "waits", "", "\"", "\\", ",", "}", "\n", "x y"
  };
  private static final String[] SPACES = {"", "", "", " ", "\n", "\t", "\r\n", "   "};

  private final Random random = new Random(20261123);

  @Test
  void restOfACutObjectIsWhatALibrarySaysItIs() throws Exception {
    int cuts = 0;
    for (int i = 0; i < 20_000; i++) {
      JsonObject object = object();
      String json = written(object);
      byte[] rest = JsonMembers.read(json.getBytes(UTF_8), CUT).without("wait", "callback");
      cuts += CUT.stream().mapToInt(name -> object.remove(name) != null ? 1 : 0).sum();

      assertThat(new JsonObject(new String(rest, UTF_8))).as(json).isEqualTo(object);
    }
    assertThat(cuts).isGreaterThan(5_000);
  }

  private JsonObject object() {
    List<String> names = new ArrayList<>(List.of(NAMES).subList(0, random.nextInt(5)));
    Collections.shuffle(names, random);
    for (String name : CUT) {
      if (random.nextBoolean()) {
        names.add(random.nextInt(names.size() + 1), name);
      }
    }
    JsonObject object = new JsonObject();
    names.forEach(name -> object.put(name, value(3)));
    return object;
  }

  private Object value(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextDouble();
      case 2 -> random.nextBoolean();
      case 3, 4 -> NAMES[random.nextInt(NAMES.length)];
      case 5 -> new JsonArray().add(value(depth - 1)).add(value(depth - 1));
      default -> new JsonObject().put("wait", value(depth - 1)).put("b", value(depth - 1));
    };
  }

  /** The object with white space wherever it may be. */
  private String written(JsonObject object) {
    StringBuilder json = new StringBuilder(space()).append('{').append(space());
    String comma = "";
    for (String name : object.fieldNames()) {
      String member = new JsonObject().put(name, object.getValue(name)).encode();
      String value = new JsonArray().add(object.getValue(name)).encode();
      json.append(comma)
          .append(space())
          .append(member, 1, member.length() - value.length())
          .append(space())
          .append(':')
          .append(space())
          .append(value, 1, value.length() - 1)
          .append(space());
      comma = ",";
    }
    return json.append('}').append(space()).toString();
  }

  private String space() {
    return SPACES[random.nextInt(SPACES.length)];
  }
}
