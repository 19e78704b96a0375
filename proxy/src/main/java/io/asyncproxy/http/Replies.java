package io.asyncproxy.http;

import io.asyncproxy.store.StoreUnavailableException;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers: the one place where a reply becomes bytes. */
public final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private final Cors cors;

  /** Answers that browsers on the origins of {@code cors} may read. */
  public Replies(Cors cors) {
    this.cors = cors;
  }

  /** Sends {@code reply}, unless the client has gone. */
  public void send(HttpServerRequest request, Reply reply) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(reply.status());
    reply.headers().forEach(response::putHeader);
    cors.allow(request, response);
    if (reply.contentType().isEmpty()) {
      response.end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, reply.contentType());
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(reply.body().length));
      response.end();
    } else {
      response.end(wrap(reply.body()));
    }
  }

  /** The bytes themselves, not a copy. */
  private static Buffer wrap(byte[] bytes) {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
  }

  /** The answer that {@code failure} stands for. */
  Reply failed(HttpMethod method, String route, Throwable failure) {
    return switch (failure) {
      case ProblemException expected -> expected.problem().reply();
      case StoreUnavailableException away -> {
        LOG.warn("{} {} answered 503: {}", method, route, away.getMessage());
        yield Problem.of(503, "Store unavailable").retryAfter(1).reply();
      }
      default -> {
        LOG.error("{} {} answered 500", method, route, failure);
        yield Problem.of(500, "Internal error").reply();
      }
    };
  }
}
