package io.asyncproxy.benchmarks.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The string members of the protocol's messages, empty where absent. Read at the top level of a
 * JSON object.
 */
public record JobFields(String id, String state, String account, String proof, String callback) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Reads them; {@link UncheckedIOException} where it is no JSON. */
  public static JobFields of(byte[] body) {
    String id = "";
    String state = "";
    String account = "";
    String proof = "";
    String callback = "";
    try (JsonParser parser = JSON.createParser(body)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth == 1 && token == JsonToken.VALUE_STRING) {
          String text = parser.getText();
          switch (parser.currentName()) {
            case "id" -> id = text;
            case "state" -> state = text;
            case "account" -> account = text;
            case "proof" -> proof = text;
            case "callback" -> callback = text;
            case null, default -> {}
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new JobFields(id, state, account, proof, callback);
  }

  /** A JSON string. */
  public static String quote(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
