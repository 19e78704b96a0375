package io.asyncproxy.route;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a job is started.
 *
 * @param method the HTTP method
 * @param url where; places in its path and query only
 * @param headers header fields to send, by name
 * @param callbackAt where the callback URL goes; empty where the API has one fixed URL
 * @param set what is set in each request, in this order
 * @param passHeaders which of the client's header fields are passed on
 * @param passQuery which parameters of the client's query are passed on; {@code *} is all
 * @param contentTypes which media types clients may send; {@code *}{@code /*} is any
 */
public record StartRule(
    String method,
    Template url,
    Map<String, Template> headers,
    Optional<Location> callbackAt,
    Map<Location, Value> set,
    List<String> passHeaders,
    List<String> passQuery,
    List<String> contentTypes) {

  /** A value to set. */
  public sealed interface Value {
    /** A text with places. */
    record Text(Template template) implements Value {}

    /** Any other JSON value, as its text. */
    record Json(byte[] json) implements Value {}
  }

  /** Whether clients may send {@code mediaType}, which is in lower case. */
  public boolean takes(String mediaType) {
    return contentTypes.stream()
        .anyMatch(
            known ->
                known.equals("*/*")
                    || known.equals(mediaType)
                    || (known.endsWith("/*")
                        && mediaType.startsWith(known.substring(0, known.length() - 1)))
                    || (known.equals("application/json") && Message.isJson(mediaType)));
  }
}
