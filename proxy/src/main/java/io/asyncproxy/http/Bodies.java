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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads request bodies: as long as the limit at most, and arriving in time. Of one event loop. */
public final class Bodies {
  private final HttpLimits limits;
  private final BodyBudget budget;
  private final EventLoop loop;

  /** Bodies of requests on {@code loop}; large ones are paid for from {@code budget}. */
  public Bodies(HttpLimits limits, BodyBudget budget, EventLoop loop) {
    this.limits = limits;
    this.budget = budget;
    this.loop = loop;
  }

  /** The whole body; fails with 408, 413, 415 or 503. */
  public Future<Body> read(Request request) {
    if (isEncoded(request)) {
      return Future.failedFuture(
          Problem.of(415, "Unsupported Content-Encoding: send the body as it is")
              .header("Accept-Encoding", "identity")
              .exception());
    }
    if (announced(request) > limits.bodyBytes()) {
      return Future.failedFuture(tooLarge());
    }
    return switch (request) {
      case ShortRequest whole -> Future.succeededFuture(new Body(whole.takeBody(), () -> {}));
      case VertxRequest arriving -> read(arriving.vertx(), announced(request));
    };
  }

  private Future<Body> read(HttpServerRequest request, long announced) {
    Promise<Body> promise = Promise.promise();
    Reading reading = new Reading(request, promise);
    request.exceptionHandler(_ -> reading.broke());
    request.handler(reading::take);
    request.endHandler(_ -> reading.finish());
    if (announced > BodyBudget.SMALL_BYTES) {
      reading.askFor(announced);
    }
    return promise.future().onFailure(_ -> reading.release());
  }

  /** What {@code use} makes of the body, which is not needed any more when that is done. */
  public <T> Future<T> read(Request request, Function<byte[], Future<T>> use) {
    return read(request).compose(body -> used(body, use));
  }

  private static <T> Future<T> used(Body body, Function<byte[], Future<T>> use) {
    try {
      return use.apply(body.bytes()).onComplete(_ -> body.release().run());
    } catch (RuntimeException | Error failure) {
      body.release().run();
      throw failure;
    }
  }

  private static boolean isEncoded(Request request) {
    String encoding = request.header(HttpHeaders.CONTENT_ENCODING);
    return encoding != null && !encoding.equalsIgnoreCase("identity");
  }

  private static long announced(Request request) {
    String length = request.header(HttpHeaders.CONTENT_LENGTH);
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
  public static void requireJson(Request request) {
    String type = request.header(HttpHeaders.CONTENT_TYPE);
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

  /**
   * A body that is arriving: mostly in one piece, which then is not copied twice. When it is there
   * its request, which may be held, forgets it.
   */
  private final class Reading {
    private final HttpServerRequest request;
    private @Nullable Promise<Body> promise;
    private @Nullable Buffer first;
    private @Nullable Buffer all;
    private long length;
    private boolean asked;
    private boolean granted = true;
    private @Nullable Runnable release;
    private Deadline deadline;

    Reading(HttpServerRequest request, Promise<Body> promise) {
      this.request = request;
      this.promise = promise;
      this.deadline = loop.deadlines().in(limits.arrival(), this::tooSlow);
    }

    /** Nothing more is read until the memory for it is free. */
    void askFor(long bytes) {
      asked = true;
      granted = false;
      request.pause();
      release = budget.take(bytes, () -> loop.execute(this::goOn));
    }

    private void goOn() {
      granted = true;
      if (promise != null) {
        deadline.cancel(); // what we made it wait is not the sender's fault
        deadline = loop.deadlines().in(limits.arrival(), this::tooSlow);
        request.resume();
      }
    }

    void take(Buffer chunk) {
      if (promise == null) {
        return;
      }
      length += chunk.length();
      if (length > limits.bodyBytes()) {
        fail(tooLarge());
        return;
      }
      if (first == null) {
        first = chunk;
      } else {
        all = all == null ? Buffer.buffer().appendBuffer(first) : all;
        all.appendBuffer(chunk);
      }
      if (!asked && length > BodyBudget.SMALL_BYTES) {
        askFor(limits.bodyBytes()); // nobody said how long it would be
      }
    }

    void finish() {
      Buffer whole = all != null ? all : first;
      Promise<Body> read = over();
      request.handler(null).endHandler(null).exceptionHandler(null);
      if (read != null) {
        read.tryComplete(new Body(whole == null ? new byte[0] : whole.getBytes(), this::release));
      }
    }

    private @Nullable Promise<Body> over() {
      Promise<Body> read = promise;
      deadline.cancel();
      promise = null;
      first = null;
      all = null;
      return read;
    }

    private void fail(Throwable why) {
      Promise<Body> read = over();
      if (read != null) {
        read.tryFail(why);
        if (!granted) {
          request.resume(); // what still comes is thrown away
        }
      }
    }

    void release() {
      if (release != null) {
        release.run();
      }
    }

    /** A bad chunk, or the client has gone: its mistake, not ours. */
    void broke() {
      fail(Problem.of(400, "The body did not arrive whole").exception());
    }

    void tooSlow() {
      fail(
          granted
              ? Problem.of(408, "The body did not arrive in time").exception()
              : Problem.of(503, "Too many large bodies at once").retryAfter(1).exception());
      loop.execute(() -> cutOff(request));
    }
  }
}
