package io.asyncproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** JSON texts (RFC 8259) as strangers send them: UTF-8 and nothing else, 200 deep at most. */
final class JsonInput {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(200)
                  .maxNumberLength(Integer.MAX_VALUE) // bounded by the body's own limit
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names come from strangers
          .build();

  /** Takes what it wants of a text. */
  @FunctionalInterface
  interface Reading<T> {
    T from(JsonParser parser) throws IOException, InvalidJsonException;
  }

  private JsonInput() {}

  static <T> T read(byte[] json, Reading<T> reading) throws InvalidJsonException {
    if (!isUtf8(json)) {
      throw new InvalidJsonException("Invalid JSON");
    }
    try (JsonParser parser = JSON.createParser(json)) {
      return reading.from(parser);
    } catch (StreamConstraintsException tooDeep) {
      throw new InvalidJsonException("Invalid JSON: nested more than 200 deep");
    } catch (IOException malformed) {
      throw new InvalidJsonException("Invalid JSON");
    }
  }

  /** UTF-16 and UTF-32 have a zero among the first two bytes of any JSON text, or a mark. */
  private static boolean isUtf8(byte[] json) {
    if (json.length >= 2 && (json[0] == 0 || json[1] == 0)) {
      return false;
    }
    for (byte b : json) {
      if (b < 0) {
        return isWellFormed(json);
      }
    }
    return true;
  }

  /** Stricter than Jackson, which takes some forms that RFC 3629 forbids. */
  private static boolean isWellFormed(byte[] json) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }
}
