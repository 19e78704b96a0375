package io.asyncproxy.http;

import io.asyncproxy.job.Digest;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;

/**
 * {@code GET /openapi.json}: what both listeners promise (OpenAPI 3.1), read when it is first asked
 * for. Whoever has it already is told so by its {@code ETag} (RFC 9110, section 13.1.2). Immutable.
 */
public final class Specification {
  private static final Endpoint ENDPOINT =
      new Endpoint(
          "/openapi.json",
          Map.of(HttpMethod.GET, request -> Future.succeededFuture(answerTo(request))));

  /** The file and its tag, once somebody asks. */
  private static final class Content {
    static final byte[] BYTES = read();
    static final String TAG = '"' + Digest.of(BYTES).hex().substring(0, 32) + '"';

    private Content() {}
  }

  private Specification() {}

  /** The endpoint, the same for all event loops. */
  public static Endpoint endpoint() {
    return ENDPOINT;
  }

  private static byte[] read() {
    try (InputStream resource = Specification.class.getResourceAsStream("/openapi.json")) {
      if (resource == null) {
        throw new IllegalStateException("the program has no openapi.json");
      }
      return resource.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Reply answerTo(Request request) {
    Reply reply = isKnown(request) ? Reply.empty(304) : Reply.json(200, Content.BYTES);
    return reply.header("ETag", Content.TAG).header("Cache-Control", "no-cache");
  }

  /** A weak tag will do: the weak comparison is the one for this header. */
  private static boolean isKnown(Request request) {
    return request.headers().getAll("If-None-Match").stream()
        .flatMap(header -> Arrays.stream(header.split(",")))
        .map(tag -> tag.strip().replaceFirst("^W/", ""))
        .anyMatch(tag -> tag.equals(Content.TAG) || tag.equals("*"));
  }
}
