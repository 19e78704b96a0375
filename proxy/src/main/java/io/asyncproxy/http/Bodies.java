package io.asyncproxy.http;

import io.asyncproxy.loop.Deadline;
import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads request bodies: as long as the limit at most, and arriving in time. Of one event loop. */
public final class Bodies {
  private final HttpLimits limits;
  private final EventLoop loop;

  /** Bodies of requests on {@code loop}. */
  public Bodies(HttpLimits limits, EventLoop loop) {
    this.limits = limits;
    this.loop = loop;
  }

  /** The whole body; fails with 408, 413 or 415. */
  public Future<byte[]> read(HttpServerRequest request) {
    if (isEncoded(request)) {
      return Future.failedFuture(
          Problem.of(415, "Unsupported Content-Encoding: send the body as it is")
              .header("Accept-Encoding", "identity")
              .exception());
    }
    if (announced(request) > limits.bodyBytes()) {
      return Future.failedFuture(tooLarge());
    }
    Reading reading = new Reading(Promise.promise());
    Deadline deadline = loop.deadlines().in(limits.arrival(), () -> reading.tooSlow(request));
    request.exceptionHandler(_ -> reading.broke());
    request.handler(reading::take);
    request.endHandler(_ -> reading.finish());
    return reading.promise.future().onComplete(_ -> deadline.cancel());
  }

  private static boolean isEncoded(HttpServerRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    return encoding != null && !encoding.equalsIgnoreCase("identity");
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException notALength) {
      return Long.MAX_VALUE;
    }
  }

  private ProblemException tooLarge() {
    String error = "Body too large: at most %d bytes".formatted(limits.bodyBytes());
    return Problem.of(413, error).exception();
  }

  /** Fails with 415 unless the request says JSON, or nothing. */
  public static void requireJson(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && !isJson(type)) {
      throw Problem.of(415, "Unsupported Content-Type: send application/json")
          .header("Accept-Post", Reply.JSON)
          .exception();
    }
  }

  private static boolean isJson(String contentType) {
    if (contentType.equals(Reply.JSON)) {
      return true;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";");
    String type = parts[0].strip();
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    return type.equals(Reply.JSON) || (type.startsWith("application/") && type.endsWith("+json"));
  }

  /** An HTTP/2 connection may be a load balancer's, and carry other clients' requests. */
  private static void cutOff(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset();
    } else {
      request.connection().close();
    }
  }

  /** A body that is arriving: mostly in one piece, which then is not copied twice. */
  private final class Reading {
    private final Promise<byte[]> promise;
    private @Nullable Buffer first;
    private @Nullable Buffer all;
    private long length;

    Reading(Promise<byte[]> promise) {
      this.promise = promise;
    }

    void take(Buffer chunk) {
      length += chunk.length();
      if (length > limits.bodyBytes()) {
        first = null;
        all = null;
        promise.tryFail(tooLarge());
      } else if (first == null) {
        first = chunk;
      } else {
        all = all == null ? Buffer.buffer().appendBuffer(first) : all;
        all.appendBuffer(chunk);
      }
    }

    void finish() {
      Buffer whole = all != null ? all : first;
      promise.tryComplete(whole == null ? new byte[0] : whole.getBytes());
    }

    /** A bad chunk, or the client has gone: its mistake, not ours. */
    void broke() {
      promise.tryFail(Problem.of(400, "The body did not arrive whole").exception());
    }

    void tooSlow(HttpServerRequest request) {
      promise.tryFail(Problem.of(408, "The body did not arrive in time").exception());
      loop.execute(() -> cutOff(request));
    }
  }
}
