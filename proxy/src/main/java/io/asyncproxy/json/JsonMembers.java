package io.asyncproxy.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The wanted members of one JSON object (RFC 8259), read in a single pass that checks all of it and
 * keeps none of it: big numbers, odd white space and the order of keys stay as they are in the
 * bytes.
 */
public final class JsonMembers {
  private final byte[] json;
  private final int start;
  private final int end;
  private final Map<String, Member> members;

  private JsonMembers(byte[] json, int start, int end, Map<String, Member> members) {
    this.json = json;
    this.start = start;
    this.end = end;
    this.members = members;
  }

  /**
   * Reads {@code json}.
   *
   * @throws InvalidJsonException where it is not JSON ({@code Invalid JSON}), not an object, or has
   *     one of the wanted members twice
   */
  public static JsonMembers read(byte[] json, Set<String> wanted) throws InvalidJsonException {
    return JsonInput.read(json, parser -> read(json, wanted, parser));
  }

  private static JsonMembers read(byte[] json, Set<String> wanted, JsonParser parser)
      throws IOException, InvalidJsonException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new InvalidJsonException("Invalid JSON");
    }
    boolean object = first == JsonToken.START_OBJECT;
    int start = (int) parser.currentTokenLocation().getByteOffset();
    Map<String, Member> members = new HashMap<>(4);
    if (object) {
      readMembers(wanted, parser, members);
    } else {
      parser.skipChildren();
      parser.finishToken();
    }
    int end = (int) parser.currentLocation().getByteOffset();
    if (parser.nextToken() != null) {
      throw new InvalidJsonException("Invalid JSON");
    }
    if (!object) {
      throw new InvalidJsonException("The body must be a JSON object");
    }
    return new JsonMembers(json, start, end, members);
  }

  private static void readMembers(
      Set<String> wanted, JsonParser parser, Map<String, Member> members)
      throws IOException, InvalidJsonException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (!wanted.contains(name)) {
        parser.nextToken();
        parser.skipChildren();
        parser.finishToken();
      } else if (members.put(name, member(parser)) != null) {
        throw new InvalidJsonException("The member `" + name + "` is given twice");
      }
    }
  }

  private static Member member(JsonParser parser) throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    JsonToken token = parser.nextToken();
    String text = token == JsonToken.VALUE_STRING ? parser.getText() : "";
    parser.skipChildren();
    parser.finishToken();
    int to = (int) parser.currentLocation().getByteOffset();
    return new Member(kind(token), text, from, to);
  }

  private static Member.Kind kind(JsonToken token) {
    return switch (token) {
      case VALUE_STRING -> Member.Kind.STRING;
      case VALUE_TRUE -> Member.Kind.TRUE;
      case VALUE_FALSE -> Member.Kind.FALSE;
      case VALUE_NULL -> Member.Kind.NULL;
      default -> Member.Kind.OTHER;
    };
  }

  /** The member called {@code name}, which must be among the wanted ones. */
  public Optional<Member> member(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /** The string member called {@code name}; empty where it is absent or no string. */
  public Optional<String> string(String name) {
    return member(name).flatMap(Member::string);
  }

  /**
   * The object without the members {@code names}, from its first brace to its last; the very bytes
   * that were read where nothing is to be left out.
   */
  public byte[] without(String... names) {
    List<Member> cuts = new ArrayList<>(names.length);
    for (String name : names) {
      member(name).ifPresent(cuts::add);
    }
    if (cuts.isEmpty() && start == 0 && end == json.length) {
      return json;
    }
    cuts.sort((a, b) -> Integer.compare(a.from(), b.from()));
    byte[] kept = new byte[end - start];
    int length = 0;
    int at = start;
    for (Member cut : cuts) {
      length = append(kept, length, at, cut.from());
      at = behindComma(cut.to());
    }
    if (!cuts.isEmpty() && json[at] == '}') {
      length = withoutLastComma(kept, length);
    }
    length = append(kept, length, at, end);
    return length == kept.length ? kept : java.util.Arrays.copyOf(kept, length);
  }

  private int append(byte[] target, int length, int from, int to) {
    System.arraycopy(json, from, target, length, to - from);
    return length + to - from;
  }

  private int behindComma(int at) {
    int next = at;
    while (isSpace(json[next])) {
      next++;
    }
    return json[next] == ',' ? next + 1 : next;
  }

  private static int withoutLastComma(byte[] bytes, int length) {
    int last = length;
    while (isSpace(bytes[last - 1])) {
      last--;
    }
    return bytes[last - 1] == ',' ? last - 1 : length;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
