package io.asyncproxy.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An error answer: {@code application/problem+json} (RFC 9457) with the extra member {@code error}.
 * Immutable.
 *
 * @param status the HTTP status
 * @param error a short sentence, for people and for old clients
 * @param members further members
 * @param headers further headers
 */
public record Problem(
    int status, String error, Map<String, Object> members, Map<String, String> headers) {

  /** What problem answers are. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** A problem that needs no more words. */
  public static Problem of(int status, String error) {
    return new Problem(status, error, Map.of(), Map.of());
  }

  /** The same with a further member. */
  public Problem with(String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(member, value);
    return new Problem(status, error, more, headers);
  }

  /** The same with a further header. */
  public Problem header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Problem(status, error, members, more);
  }

  /** The same, saying when to come back. */
  public Problem retryAfter(long seconds) {
    return header("Retry-After", Long.toString(seconds));
  }

  /** The exception that carries it out of a chain of steps. */
  public ProblemException exception() {
    return new ProblemException(this);
  }

  /** The answer itself. */
  public Reply reply() {
    String title = HttpResponseStatus.valueOf(status).reasonPhrase();
    JsonObject body =
        new JsonObject()
            .put("type", "urn:async-proxy:problem:" + slug(title))
            .put("title", title)
            .put("status", status)
            .put("detail", error)
            .put("error", error);
    members.forEach(body::put);
    return new Reply(status, MEDIA_TYPE, body.toBuffer().getBytes(), headers);
  }

  private static String slug(String title) {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }
}
